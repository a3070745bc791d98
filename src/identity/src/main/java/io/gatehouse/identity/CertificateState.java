package io.gatehouse.identity;

import java.util.Locale;
import java.util.Optional;

/** Where a certificate stands; that it has expired is derived from its time. */
public enum CertificateState {
    VALID,
    HELD,
    REVOKED,
    SUPERSEDED;

    /** The word of this state everywhere: lower case. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The value with that word, or nothing. */
    public static Optional<CertificateState> ofWord(String word) {
        for (var value : values()) {
            if (value.word().equals(word)) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }
}

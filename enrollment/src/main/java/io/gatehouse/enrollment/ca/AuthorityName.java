package io.gatehouse.enrollment.ca;

import java.util.Locale;
import java.util.Optional;

/** The four authorities of a home, by the names under which their certificates and CRLs are published. */
public enum AuthorityName {
    DEVICES_ROOT,
    DEVICES,
    SERVICES_ROOT,
    SERVICES;

    /** As in addresses, such as {@code devices-root}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The authority with that word, or nothing. */
    public static Optional<AuthorityName> ofWord(String word) {
        for (var value : values()) {
            if (value.word().equals(word)) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return word();
    }
}

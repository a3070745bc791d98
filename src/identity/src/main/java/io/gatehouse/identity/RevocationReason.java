package io.gatehouse.identity;

import java.util.Locale;
import java.util.Optional;

/** Why a certificate is revoked: the CRLReason of RFC 5280, section 5.3.1, that an administrator may give. */
public enum RevocationReason {
    UNSPECIFIED(0, "unspecified"),
    KEY_COMPROMISE(1, "keyCompromise"),
    CA_COMPROMISE(2, "cACompromise"),
    AFFILIATION_CHANGED(3, "affiliationChanged"),
    SUPERSEDED(4, "superseded"),
    CESSATION_OF_OPERATION(5, "cessationOfOperation"),
    PRIVILEGE_WITHDRAWN(9, "privilegeWithdrawn");

    private final int code;
    private final String camelCase;

    RevocationReason(int code, String camelCase) {
        this.code = code;
        this.camelCase = camelCase;
    }

    /** The CRLReason's number. */
    public int code() {
        return code;
    }

    /** As RFC 5280 and the REST API write it, such as {@code keyCompromise}. */
    public String camelCase() {
        return camelCase;
    }

    /** As the command line writes it, such as {@code key-compromise}. */
    public String kebabCase() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The reason in either spelling, or nothing. */
    public static Optional<RevocationReason> parse(String text) {
        for (var reason : values()) {
            if (reason.camelCase.equals(text) || reason.kebabCase().equals(text)) {
                return Optional.of(reason);
            }
        }
        return Optional.empty();
    }
}

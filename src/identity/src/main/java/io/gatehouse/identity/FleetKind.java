package io.gatehouse.identity;

import java.util.Locale;
import java.util.Optional;

/** What a fleet holds: devices, or applications such as back ends and dashboards, whose rules may use wildcards. */
public enum FleetKind {
    DEVICE,
    APPLICATION;

    /** The word of this state everywhere: lower case. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The value with that word, or nothing. */
    public static Optional<FleetKind> ofWord(String word) {
        for (var value : values()) {
            if (value.word().equals(word)) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }
}

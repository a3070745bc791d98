package io.gatehouse.identity;

import java.util.Locale;
import java.util.Optional;

/** Whether a fleet's members may connect and enroll. */
public enum FleetState {
    ACTIVE,
    SUSPENDED;

    /** The word of this state everywhere: lower case. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The value with that word, or nothing. */
    public static Optional<FleetState> ofWord(String word) {
        for (var value : values()) {
            if (value.word().equals(word)) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }
}

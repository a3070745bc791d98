package io.gatehouse.identity;

import java.util.Locale;
import java.util.Optional;

/** Where a device stands: pending, then active or suspended, then decommissioned for good; or rejected. */
public enum DeviceState {
    PENDING,
    ACTIVE,
    SUSPENDED,
    DECOMMISSIONED,
    REJECTED;

    /** The word of this state everywhere: lower case. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The value with that word, or nothing. */
    public static Optional<DeviceState> ofWord(String word) {
        for (var value : values()) {
            if (value.word().equals(word)) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }
}

package io.gatehouse.enrollment.app.domain;

import io.gatehouse.identity.FleetName;
import java.util.Optional;

/**
 * Which devices are asked for; what is empty does not narrow.
 *
 * @param state a word as {@link Device#shownState()} gives it
 * @param idPrefix the beginning of the id, without regard to case
 * @param connected whether a broker reports a session
 */
public record DeviceFilter(
        Optional<FleetName> fleet, Optional<String> state, Optional<String> idPrefix, Optional<Boolean> connected) {
    public static final DeviceFilter ALL =
            new DeviceFilter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}

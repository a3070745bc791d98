package io.gatehouse.agent.service;

import io.gatehouse.agent.Failure;
import io.gatehouse.agent.state.Json;
import io.gatehouse.agent.state.RenewalWindow;
import io.gatehouse.identity.RefusalReason;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;

/**
 * What the service says of the device whose certificate asked.
 *
 * @param state the device's state, as administrators see it
 * @param reason why this certificate does not open the door, when it does not
 * @param window when to renew
 * @param broker {@code mqtts://HOST:PORT}
 * @param time the service's clock
 */
public record Standing(
        String state,
        Optional<RefusalReason> reason,
        Optional<RenewalWindow> window,
        Optional<String> broker,
        Optional<Instant> time) {

    static Optional<Standing> read(byte[] json) {
        return Json.read(json).filter(members -> members.containsKey("state")).map(Standing::of);
    }

    private static Standing of(Map<String, String> members) {
        return new Standing(
                members.getOrDefault("state", ""),
                Optional.ofNullable(members.get("reason")).flatMap(RefusalReason::ofWord),
                RenewalWindow.of(members.getOrDefault("renewFrom", ""), members.getOrDefault("renewUntil", "")),
                Optional.ofNullable(members.get("broker")),
                time(members.getOrDefault("time", "")));
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** Why the device may not work now, in the service's own words; nothing when it may. */
    public Optional<Failure> failure() {
        return Optional.ofNullable(
                        switch (state) {
                            case "decommissioned" -> RefusalReason.DECOMMISSIONED;
                            case "revoked" -> RefusalReason.REVOKED;
                            case "rejected" -> RefusalReason.REJECTED;
                            case "suspended" -> RefusalReason.SUSPENDED;
                            case "pending" -> RefusalReason.PENDING;
                            // its certificate stays revoked, and enrolls it once more
                            case "reinstated" -> null;
                            default -> reason.orElse(null);
                        })
                .map(Failure::byService);
    }
}

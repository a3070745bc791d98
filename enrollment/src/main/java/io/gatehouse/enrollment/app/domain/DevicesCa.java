package io.gatehouse.enrollment.app.domain;

import io.gatehouse.identity.Fingerprint;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * A CA of the devices and what it is used for.
 *
 * @param generation 1 for the one that the home was made with
 * @param name as in addresses, such as {@code devices-2}
 * @param subject its name as its certificates have it as their issuer's
 * @param since when it came into this state
 */
public record DevicesCa(
        int generation, String name, Fingerprint sha256, String subject, State state, Instant since, Instant notAfter) {
    /** What a CA is used for; it only ever goes forward. */
    public enum State {
        /** Brokers are told to trust it; it issues nothing yet. */
        ANNOUNCED,
        /** It issues; exactly one does. */
        ISSUING,
        /** It issues no more; its certificates open doors until they end or are renewed. */
        OLDER,
        /** Nobody trusts it any more; what it revoked is still told until it ends. */
        RETIRED;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<State> ofWord(String word) {
            for (var state : values()) {
                if (state.word().equals(word)) {
                    return Optional.of(state);
                }
            }
            return Optional.empty();
        }
    }

    public DevicesCa in(State next, Instant now) {
        return new DevicesCa(generation, name, sha256, subject, next, now, notAfter);
    }

    /** Whether brokers and relying parties are to trust it. */
    public boolean trusted() {
        return state != State.RETIRED;
    }
}

package io.gatehouse.enrollment.app.domain;

import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * What became of a claim for one id: of a claim and an id there is at most one. It is bound to the key that asked first.
 *
 * @param claim the claim's id
 * @param key SHA-256 of the SubjectPublicKeyInfo that asked
 * @param at when it asked
 * @param address from where it asked
 * @param certificate what was issued; present when, and only when, it is issued
 */
public record ClaimUse(
        String claim,
        DeviceId device,
        Fingerprint key,
        State state,
        Instant at,
        String address,
        Optional<Fingerprint> certificate) {
    /** How far it is. */
    public enum State {
        /** A person is to approve it. */
        PENDING,
        /** It is approved; the device has not come for its certificate yet. */
        APPROVED,
        /** A person rejected it, or another act ended it; it gives nothing any more. */
        REJECTED,
        /** It has its certificate. */
        ISSUED;

        /** The word of this state everywhere: lower case. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** With its certificate. */
    public ClaimUse issued(Fingerprint sha256) {
        return new ClaimUse(claim, device, key, State.ISSUED, at, address, Optional.of(sha256));
    }

    public ClaimUse withState(State newState) {
        return new ClaimUse(claim, device, key, newState, at, address, certificate);
    }
}

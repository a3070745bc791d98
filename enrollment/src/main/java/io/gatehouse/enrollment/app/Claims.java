package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.Claim;
import io.gatehouse.enrollment.app.domain.Listing;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.domain.Page;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.FleetName;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** Makes, shows and cancels claims. The secret is told once and never stored. Thread-safe. */
public final class Claims {
    public static final Duration DEFAULT_TTL = Duration.ofHours(1);
    public static final Duration SHORTEST_TTL = Duration.ofSeconds(1);

    public Claims(Registry registry, SecureRandom random, InstantSource clock) {}

    /**
     * A claim to be made.
     *
     * @param device absent: a claim for the fleet, which is not offered yet
     * @param secretSha256 of a secret that the device made itself
     */
    public record NewClaim(
            FleetName fleet,
            Optional<DeviceId> device,
            Optional<Duration> ttl,
            Optional<Fingerprint> publicKey,
            Optional<Fingerprint> secretSha256) {}

    /** The claim and its secret, base64url, unless the device made that. */
    public record Created(Claim claim, Optional<String> secret) {
        @Override
        public String toString() {
            return "Created[" + claim.id() + "]";
        }
    }

    public Outcome<Created> create(Actor actor, NewClaim wanted) {
        return Soon.soon();
    }

    public Outcome<Listing<Claim>> list(Optional<FleetName> fleet, Optional<DeviceId> device, Page page) {
        return Soon.soon();
    }

    /** A spent claim cannot be cancelled: CONFLICT. */
    public Outcome<Claim> cancel(Actor actor, String id) {
        return Soon.soon();
    }
}

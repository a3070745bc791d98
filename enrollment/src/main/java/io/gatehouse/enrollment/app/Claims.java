package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.Claim;
import io.gatehouse.enrollment.app.domain.Device;
import io.gatehouse.enrollment.app.domain.Listing;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.domain.Page;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.enrollment.app.port.View;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.RefusalReason;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** Makes, shows and cancels claims. The secret is told once and never stored. Thread-safe. */
public final class Claims {
    public static final Duration DEFAULT_TTL = Duration.ofHours(1);
    public static final Duration SHORTEST_TTL = Duration.ofSeconds(1);
    public static final Duration LONGEST_TTL = Duration.ofDays(366);

    private static final int SECRET_BYTES = 32;
    private static final int ID_BYTES = 12;

    private final Registry registry;
    private final SecureRandom random;
    private final InstantSource clock;

    public Claims(Registry registry, SecureRandom random, InstantSource clock) {
        this.registry = registry;
        this.random = random;
        this.clock = clock;
    }

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

    /** A claim for a device that is revoked lets it in again; a suspended device's claim is refused until it is resumed. */
    public Outcome<Created> create(Actor actor, NewClaim wanted) {
        if (wanted.device().isEmpty()) {
            return Outcome.refused(
                    RefusalReason.NOT_OFFERED, "device: a claim is for one device; fleet claims are not offered");
        }
        var ttl = wanted.ttl().orElse(DEFAULT_TTL);
        if (ttl.compareTo(SHORTEST_TTL) < 0 || ttl.compareTo(LONGEST_TTL) > 0) {
            return Outcome.refused(RefusalReason.BAD_REQUEST, "ttl: PT1S to P366D");
        }
        Optional<String> secret =
                wanted.secretSha256().isPresent() ? Optional.empty() : Optional.of(random(SECRET_BYTES));
        var hash = wanted.secretSha256().orElseGet(() -> hash(secret.orElseThrow()));
        var now = clock.instant();
        var claim = new Claim(
                random(ID_BYTES),
                wanted.fleet(),
                wanted.device().get(),
                false,
                now,
                now.plus(ttl),
                wanted.publicKey(),
                Optional.empty(),
                Optional.empty());
        return registry.write(transaction -> possible(transaction, claim, hash).map(sound -> {
            transaction.insert(sound, hash);
            transaction.audit(
                    actor,
                    "claim.create",
                    sound.device().value(),
                    Map.of(
                            "claim", sound.id(),
                            "fleet", sound.fleet().value(),
                            "expiresAt", sound.expiresAt().toString()));
            return new Created(sound, secret);
        }));
    }

    public Outcome<Listing<Claim>> list(Optional<FleetName> fleet, Optional<DeviceId> device, Page page) {
        return registry.read(view -> {
            if (page.after().isPresent() && view.claim(page.after().get()).isEmpty()) {
                return Outcome.refused(RefusalReason.BAD_REQUEST, "after: not a cursor of this list");
            }
            var found = view.claims(fleet, device, page.after(), page.limit() + 1);
            return Outcome.done(Listing.of(found, page.limit(), Claim::id));
        });
    }

    /** A spent claim cannot be cancelled: CONFLICT. Done also when it is cancelled already. */
    public Outcome<Claim> cancel(Actor actor, String id) {
        return registry.write(transaction -> {
            var claim = transaction.claim(id);
            if (claim.isEmpty()) {
                return Outcome.refused(RefusalReason.NOT_FOUND, "no such claim");
            }
            if (claim.get().usedBy().isPresent()) {
                return Outcome.refused(RefusalReason.CONFLICT, "the claim has been used");
            }
            if (claim.get().cancelled()) {
                return Outcome.done(claim.get());
            }
            var cancelled = claim.get().cancel();
            transaction.update(cancelled);
            transaction.audit(actor, "claim.cancel", cancelled.device().value(), Map.of("claim", id));
            return Outcome.done(cancelled);
        });
    }

    /** What the registry holds of a secret. */
    static Fingerprint hash(String secret) {
        return Fingerprint.sha256(secret.getBytes(StandardCharsets.UTF_8));
    }

    private static Outcome<Claim> possible(View view, Claim claim, Fingerprint hash) {
        if (view.fleet(claim.fleet()).isEmpty()) {
            return Outcome.refused(RefusalReason.UNKNOWN_FLEET);
        }
        if (view.claimBySecret(hash).isPresent()) {
            return Outcome.refused(RefusalReason.ALREADY_EXISTS, "secretSha256: in use by another claim");
        }
        return view.device(claim.device())
                .flatMap(device -> obstacle(device, claim))
                .orElseGet(() -> Outcome.done(claim));
    }

    private static Optional<Outcome<Claim>> obstacle(Device device, Claim claim) {
        if (!device.id().equals(claim.device())) {
            return Optional.of(Outcome.refused(
                    RefusalReason.ALREADY_EXISTS, "there is a device whose id differs only in upper and lower case"));
        }
        if (!device.fleet().equals(claim.fleet())) {
            return Optional.of(Outcome.refused(RefusalReason.WRONG_FLEET));
        }
        return device.state() == DeviceState.DECOMMISSIONED
                ? Optional.of(Outcome.refused(RefusalReason.DECOMMISSIONED))
                : Optional.empty();
    }

    private String random(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}

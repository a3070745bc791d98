package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.AllowedIds;
import io.gatehouse.enrollment.app.domain.Claim;
import io.gatehouse.enrollment.app.domain.ClaimUse;
import io.gatehouse.enrollment.app.domain.Device;
import io.gatehouse.enrollment.app.domain.Listing;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.domain.Page;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.enrollment.app.port.Transaction;
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
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Makes, shows and cancels claims. The secret is told once and never stored. Thread-safe. */
public final class Claims {
    public static final Duration DEFAULT_TTL = Duration.ofHours(1);
    public static final Duration SHORTEST_TTL = Duration.ofSeconds(1);
    public static final Duration LONGEST_TTL = Duration.ofDays(366);

    public static final int MOST_USES = 1_000_000;

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
     * A claim to be made; what is empty takes its default.
     *
     * @param device empty: a claim of the fleet, for so many uses and for allowed ids
     * @param approval whether a person must approve each request
     * @param secretSha256 of a secret that the device made itself
     */
    public record NewClaim(
            FleetName fleet,
            Optional<DeviceId> device,
            Optional<Integer> uses,
            Optional<AllowedIds> allowedIds,
            boolean approval,
            Optional<Duration> ttl,
            Optional<Fingerprint> publicKey,
            Optional<Fingerprint> secretSha256) {
        /** For one device, which needs no approval. */
        public static NewClaim of(FleetName fleet, DeviceId device) {
            return new NewClaim(
                    fleet,
                    Optional.of(device),
                    Optional.empty(),
                    Optional.empty(),
                    false,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }
    }

    /** The claim and its secret, base64url, unless the device made that. */
    public record Created(Claim claim, Optional<String> secret) {
        @Override
        public String toString() {
            return "Created[" + claim.id() + "]";
        }
    }

    /** A claim for a device that is revoked lets it in again; a suspended device's claim is refused until it is resumed. */
    public Outcome<Created> create(Actor actor, NewClaim wanted) {
        var mistake = mistake(wanted);
        if (mistake.isPresent()) {
            return Outcome.refused(RefusalReason.BAD_REQUEST, mistake.get());
        }
        Optional<String> secret =
                wanted.secretSha256().isPresent() ? Optional.empty() : Optional.of(random(SECRET_BYTES));
        var hash = wanted.secretSha256().orElseGet(() -> hash(secret.orElseThrow()));
        var now = clock.instant();
        var claim = new Claim(
                random(ID_BYTES),
                wanted.fleet(),
                wanted.device(),
                wanted.allowedIds(),
                wanted.uses().orElse(1),
                0,
                wanted.approval(),
                false,
                now,
                now.plus(wanted.ttl().orElse(DEFAULT_TTL)),
                wanted.publicKey(),
                Optional.empty());
        return registry.write(transaction -> possible(transaction, claim, hash).map(sound -> {
            transaction.insert(sound, hash);
            transaction.audit(actor, "claim.create", subject(sound), detail(sound));
            return new Created(sound, secret);
        }));
    }

    private static Optional<String> mistake(NewClaim wanted) {
        var ttl = wanted.ttl().orElse(DEFAULT_TTL);
        if (ttl.compareTo(SHORTEST_TTL) < 0 || ttl.compareTo(LONGEST_TTL) > 0) {
            return Optional.of("ttl: PT1S to P366D");
        }
        int uses = wanted.uses().orElse(1);
        if (uses < 1 || uses > MOST_USES) {
            return Optional.of("uses: 1 to " + MOST_USES);
        }
        if (uses > 1 && wanted.device().isPresent()) {
            return Optional.of("uses: 1 for a claim with a device");
        }
        if (uses > 1 && wanted.publicKey().isPresent()) {
            return Optional.of("uses: 1 for a claim with a public key");
        }
        return wanted.device().isPresent() && wanted.allowedIds().isPresent()
                ? Optional.of("allowedIds: not with a device")
                : Optional.empty();
    }

    private static Map<String, Object> detail(Claim claim) {
        var detail = new HashMap<String, Object>();
        detail.put("claim", claim.id());
        detail.put("fleet", claim.fleet().value());
        detail.put("expiresAt", claim.expiresAt().toString());
        detail.put("uses", claim.uses());
        detail.put("approval", claim.approval());
        claim.allowedIds().ifPresent(ids -> detail.put("allowedIds", ids.patterns()));
        claim.publicKey().ifPresent(key -> detail.put("publicKey", key.hex()));
        return detail;
    }

    /** Whom the audit shows it with: its device, or its fleet. */
    private static String subject(Claim claim) {
        return claim.device().map(DeviceId::value).orElseGet(claim.fleet()::value);
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

    /**
     * From now on it makes no new request, and what waits for approval by it is rejected; what it has given stays, and so does what
     * is approved. A claim that is spent cannot be cancelled unless something waits: CONFLICT. Done also when it is cancelled
     * already.
     */
    public Outcome<Claim> cancel(Actor actor, String id) {
        return registry.write(transaction -> {
            var claim = transaction.claim(id);
            if (claim.isEmpty()) {
                return Outcome.refused(RefusalReason.NOT_FOUND, "no such claim");
            }
            if (claim.get().cancelled()) {
                return Outcome.done(claim.get());
            }
            var waiting = transaction.pendingOf(id, EnrollByClaim.MOST_PENDING);
            if (claim.get().spent() && waiting.isEmpty()) {
                return Outcome.refused(RefusalReason.CONFLICT, "the claim has been used");
            }
            for (var request : waiting) {
                reject(transaction, request);
            }
            var cancelled = claim.get().cancel();
            transaction.update(cancelled);
            transaction.audit(
                    actor, "claim.cancel", subject(cancelled), Map.of("claim", id, "requestsRejected", waiting.size()));
            return Outcome.done(cancelled);
        });
    }

    private void reject(Transaction transaction, ClaimUse request) {
        transaction.save(request.withState(ClaimUse.State.REJECTED));
        transaction
                .device(request.device())
                .filter(device -> device.state() == DeviceState.PENDING)
                .ifPresent(device -> transaction.save(device.withState(DeviceState.REJECTED, clock.instant())));
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
        return claim.device()
                .flatMap(view::device)
                .flatMap(device -> obstacle(device, claim))
                .orElseGet(() -> Outcome.done(claim));
    }

    private static Optional<Outcome<Claim>> obstacle(Device device, Claim claim) {
        if (!claim.device().equals(Optional.of(device.id()))) {
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

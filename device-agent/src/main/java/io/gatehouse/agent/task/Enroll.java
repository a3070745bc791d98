package io.gatehouse.agent.task;

import io.gatehouse.agent.Attempt;
import io.gatehouse.agent.ExitCode;
import io.gatehouse.agent.Failure;
import io.gatehouse.agent.service.CaCertificates;
import io.gatehouse.agent.service.EnrollmentClient;
import io.gatehouse.agent.service.FingerprintTrust;
import io.gatehouse.agent.service.ServiceAddress;
import io.gatehouse.agent.service.Standing;
import io.gatehouse.agent.state.Generation;
import io.gatehouse.agent.state.GenerationStore;
import io.gatehouse.agent.state.Purpose;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.x509.Keys;
import io.gatehouse.x509.Pkcs10Request;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Gives the device its first identity, by a claim. The key and the request are on disk before anything is sent, so that an end at any point
 * is followed by the same request with the same key, which the service answers with the same certificate.
 */
public final class Enroll {
    /** With such an identity a claim is the only way back. */
    private static final Set<RefusalReason> LOST = EnumSet.of(
            RefusalReason.REVOKED,
            RefusalReason.EXPIRED,
            RefusalReason.SUPERSEDED,
            RefusalReason.UNKNOWN_CERTIFICATE,
            RefusalReason.UNKNOWN_ISSUER);

    private final GenerationStore store;
    private final InstantSource clock;
    private final Duration deadline;

    public Enroll(GenerationStore store, InstantSource clock, Duration deadline) {
        this.store = store;
        this.clock = clock;
        this.deadline = deadline;
    }

    /** By what the service is trusted: its root, or the root's fingerprint. */
    public sealed interface Pin {
        record Roots(List<X509Certificate> roots) implements Pin {}

        record ByFingerprint(Fingerprint fingerprint) implements Pin {}
    }

    /**
     * What to enroll as.
     *
     * @param secret the claim's
     * @param again whether to enroll although there is an identity that may still be good
     */
    public record Order(
            ServiceAddress address, Pin pin, DeviceId device, Optional<FleetName> fleet, String secret, boolean again) {
        @Override
        public String toString() {
            return "Order[" + device + " at " + address + "]";
        }
    }

    /** The identity that the device has now; {@code already} when it had it before. */
    public record Enrolled(Generation generation, boolean already) {}

    /** Enrolls, or goes on where an attempt before was cut off. Hold the store's lock. */
    public Attempt<Enrolled> run(Order order) {
        var current = store.current();
        if (current.isPresent() && !order.again()) {
            var existing = existing(current.get(), order);
            if (existing.isPresent()) {
                return existing.get();
            }
        }
        return roots(order)
                .then(roots -> certified(staged(order, roots), order))
                .map(generation -> {
                    store.promote(generation);
                    return new Enrolled(generation, false);
                });
    }

    /** What to answer because of the identity that there is; nothing when the service says that it is lost. */
    private Optional<Attempt<Enrolled>> existing(Generation current, Order order) {
        if (!current.purpose().device().equals(order.device())) {
            return Optional.of(Attempt.failed(
                    ExitCode.USAGE,
                    "this state belongs to " + current.purpose().device() + ": choose another --state for "
                            + order.device()));
        }
        if (!current.purpose().url().equals(order.address().toString())) {
            return Optional.of(Attempt.failed(
                    ExitCode.USAGE,
                    "this state is enrolled at " + current.purpose().url() + ": enroll --again to replace it by one at "
                            + order.address()));
        }
        var link = new LinkSettings(Optional.empty(), Duration.ZERO, Duration.ZERO, Duration.ZERO);
        var standing = new Device(current, store, link, clock).standing();
        var failure = standing.result().flatMap(Standing::failure);
        if (failure.flatMap(Failure::reason).filter(LOST::contains).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(failure.<Attempt<Enrolled>>map(Attempt::failed)
                .orElseGet(() -> Attempt.done(new Enrolled(current, true))));
    }

    private Attempt<List<X509Certificate>> roots(Order order) {
        if (order.pin() instanceof Pin.Roots pinned) {
            return Attempt.done(pinned.roots());
        }
        var fingerprint = ((Pin.ByFingerprint) order.pin()).fingerprint();
        return FingerprintTrust.find(order.address(), fingerprint, deadline).map(List::of);
    }

    /** The generation of an attempt before, when it was for the same; otherwise a new one with a new key. */
    private Generation staged(Order order, List<X509Certificate> roots) {
        var purpose = new Purpose(false, order.address().toString(), order.device(), order.fleet());
        var staged = store.staged();
        if (staged.isPresent()) {
            if (staged.get().purpose().equals(purpose)) {
                store.trust(staged.get(), roots);
                return staged.get();
            }
            store.discard(staged.get());
        }
        var keys = Keys.generateP256();
        var request = Pkcs10Request.create(keys, order.device().value());
        return store.stage(keys.getPrivate(), request, roots, purpose);
    }

    private Attempt<Generation> certified(Generation generation, Order order) {
        if (generation.hasCertificate()
                && generation.certificate().getNotAfter().toInstant().isAfter(clock.instant())) {
            // it had arrived, and was judged, before the end
            return Attempt.done(generation);
        }
        var client = EnrollmentClient.anonymous(order.address(), generation.trust(), order.fleet(), clock, deadline);
        return client.caCertificates()
                .then(authorities -> client.enroll(generation.request(), order.device(), order.secret())
                        .then(answer -> accept(store, generation, answer, authorities, clock)));
    }

    /** Judges a certificate that has arrived, and writes it to its generation. */
    static Attempt<Generation> accept(
            GenerationStore store,
            Generation generation,
            EnrollmentClient.Answer answer,
            CaCertificates authorities,
            InstantSource clock) {
        var device = generation.purpose().device();
        return authorities
                .judge(answer.certificate(), requestedKey(generation), device, clock.instant())
                .map(issued -> {
                    store.complete(generation, issued.certificate(), issued.chain(), answer.window());
                    return generation;
                });
    }

    private static PublicKey requestedKey(Generation generation) {
        return Pkcs10Request.parse(generation.request()).orThrow().key().publicKey();
    }
}

package io.gatehouse.agent.task;

import io.gatehouse.agent.Attempt;
import io.gatehouse.agent.ExitCode;
import io.gatehouse.agent.Failure;
import io.gatehouse.agent.service.Standing;
import io.gatehouse.agent.state.Generation;
import io.gatehouse.agent.state.GenerationStore;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.x509.Keys;
import io.gatehouse.x509.Pkcs10Request;
import java.security.KeyPair;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Set;

/**
 * Gives the device the successor of its certificate, in two phases: obtained and written beside the one in use, then proven (the broker has
 * admitted it and the service has seen it), and only then the one in use. Until that moment the old one stays, whatever happens. An end at
 * any point is taken up where it was. Hold the store's lock for each.
 */
public final class Renew {
    /** A certificate of which the service says this will never open the door: away with it, and begin anew. */
    private static final Set<RefusalReason> LOST = EnumSet.of(
            RefusalReason.SUPERSEDED,
            RefusalReason.EXPIRED,
            RefusalReason.UNKNOWN_CERTIFICATE,
            RefusalReason.UNKNOWN_ISSUER,
            RefusalReason.BAD_CERTIFICATE);

    private final GenerationStore store;
    private final LinkSettings link;
    private final InstantSource clock;

    public Renew(GenerationStore store, LinkSettings link, InstantSource clock) {
        this.store = store;
        this.link = link;
        this.clock = clock;
    }

    /** Both phases. */
    public Attempt<Generation> run(boolean rekey) {
        return obtain(rekey).then(this::prove);
    }

    /** The successor, with its certificate: the one that was begun before, or a new one. */
    public Attempt<Generation> obtain(boolean rekey) {
        var current = store.current();
        if (current.isEmpty()) {
            return Attempt.failed(ExitCode.USAGE, "there is no identity to renew: enroll first");
        }
        var staged = staged(current.get(), rekey);
        if (staged.hasCertificate()) {
            return Attempt.done(staged);
        }
        var service = device(current.get()).service();
        return service.caCertificates()
                .then(authorities -> service.reenroll(staged.request())
                        .then(answer -> Enroll.accept(store, staged, answer, authorities, clock)));
    }

    private Generation staged(Generation current, boolean rekey) {
        var purpose = current.purpose().asRenewal();
        var staged = store.staged();
        if (staged.isPresent()) {
            if (staged.get().purpose().equals(purpose) && !expired(staged.get())) {
                return staged.get();
            }
            store.discard(staged.get());
        }
        var keys =
                rekey ? Keys.generateP256() : new KeyPair(current.certificate().getPublicKey(), current.key());
        var request = Pkcs10Request.create(keys, purpose.device().value());
        return store.stage(keys.getPrivate(), request, current.trust(), purpose);
    }

    private boolean expired(Generation generation) {
        return generation.hasCertificate()
                && !generation.certificate().getNotAfter().toInstant().isAfter(clock.instant());
    }

    /** Shows the successor to the broker and to the service, and makes it the one in use. */
    public Attempt<Generation> prove(Generation successor) {
        var device = device(successor);
        var admitted = admitted(device);
        if (admitted instanceof Attempt.Failed<Attempt.Unit> failed) {
            return Attempt.failed(refused(successor, device, failed.why()));
        }
        return device.standing().then(standing -> judge(successor, standing));
    }

    private Attempt<Generation> judge(Generation successor, Standing standing) {
        var failure = standing.failure();
        if (failure.isPresent()) {
            return Attempt.failed(dropIfLost(successor, failure.get()));
        }
        store.promote(successor);
        standing.window().ifPresent(window -> store.window(successor, window));
        return Attempt.done(successor);
    }

    /** Whether the broker lets it in. */
    private static Attempt<Attempt.Unit> admitted(Device device) {
        return device.connect((topic, payload) -> {}).map(link -> {
            link.close();
            return new Attempt.Unit();
        });
    }

    private Failure refused(Generation successor, Device device, Failure byBroker) {
        return dropIfLost(successor, device.confirm(byBroker));
    }

    /** What the service calls lost is given up; what only a broker calls so is kept. */
    private Failure dropIfLost(Generation successor, Failure failure) {
        var lost = failure.reason().filter(LOST::contains).isPresent() && failure.source() == Failure.Source.SERVICE;
        if (!lost) {
            return failure;
        }
        store.discard(successor);
        return Failure.passing("the new certificate is given up (" + failure.message() + "); try again");
    }

    private Device device(Generation generation) {
        return new Device(generation, store, link, clock);
    }
}

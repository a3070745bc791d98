package io.gatehouse.enrollment.ca.ocsp;

import io.gatehouse.enrollment.app.domain.CertificateStatus;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.enrollment.app.port.RegistryUnavailable;
import io.gatehouse.enrollment.app.port.StatusListener;
import io.gatehouse.enrollment.ca.ocsp.AnswerCache.Cached;
import io.gatehouse.enrollment.ca.ocsp.OcspAnswer.Kept;
import io.gatehouse.enrollment.ca.ocsp.OcspAnswer.Refusal;
import io.gatehouse.enrollment.ca.ocsp.Signer.Single;
import io.gatehouse.x509.der.MalformedException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers OCSP requests from the registry, for every devices CA (RFC 6960; nonces by RFC 9654). A question that comes without nonce for
 * one certificate is answered from a cache, which forgets a certificate in the commit that changes it: whoever asks after a revocation
 * was answered is told of it. Never throws; what cannot be answered now is tryLater. Thread-safe.
 */
public final class OcspResponder implements StatusListener {
    /** How long a relying party may rely on an answer. */
    public static final Duration LIFETIME = Duration.ofHours(1);

    private static final Logger LOG = LoggerFactory.getLogger(OcspResponder.class);
    private static final int MOST_CACHED = 50_000;
    /** How many askers at a time may use the registry, which others need more: anybody may ask anything here. */
    private static final int MOST_READERS = 2;

    /** More than these wait in vain: whoever waits holds a thread of the port. */
    private static final int MOST_WAITING = 8;

    private static final long PATIENCE_MILLIS = 500;
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Supplier<List<OcspIssuer>> issuers;
    private final Registry registry;
    private final InstantSource clock;
    private final AnswerCache cache;
    private final Map<X509Certificate, Responder> responders = new ConcurrentHashMap<>();
    private final Semaphore readers = new Semaphore(MOST_READERS, true);
    private volatile long saidNanos = System.nanoTime() - QUIET_NANOS;

    /**
     * To be told of changes: {@code registry.listen(responder)}.
     *
     * @param issuers all authorities whose certificates may be asked after, asked for at each request
     */
    public OcspResponder(Supplier<List<OcspIssuer>> issuers, Registry registry, InstantSource clock) {
        this(issuers, registry, clock, MOST_CACHED);
    }

    OcspResponder(Supplier<List<OcspIssuer>> issuers, Registry registry, InstantSource clock, int mostCached) {
        this.issuers = issuers;
        this.registry = registry;
        this.clock = clock;
        this.cache = new AnswerCache(mostCached);
    }

    @Override
    public void committed(List<CertificateStatus> statuses) {
        for (var status : statuses) {
            cache.forget(new AnswerCache.Key(status.issuer(), status.serial()));
        }
    }

    /** The answer to the DER of a request. */
    public OcspAnswer answer(byte[] der) {
        try {
            return answer(OcspRequest.parse(der));
        } catch (MalformedException e) {
            return Refusal.MALFORMED_REQUEST.answer();
        } catch (RegistryUnavailable e) {
            return Refusal.TRY_LATER.answer();
        } catch (RuntimeException e) {
            say(e);
            return Refusal.INTERNAL_ERROR.answer();
        }
    }

    /** How many certificates the cache has answers for. */
    int cached() {
        return cache.size();
    }

    private OcspAnswer answer(OcspRequest request) {
        var responder = responder(request);
        if (responder.isEmpty()) {
            // RFC 9919, section 3.2.3: not able to say anything with authority
            return Refusal.UNAUTHORIZED.answer();
        }
        if (request.ids().size() > 1 || request.nonce().isPresent()) {
            return signed(responder.get(), request).answer(false);
        }
        var id = request.ids().get(0);
        var key = new AnswerCache.Key(responder.get().name(), id.serial());
        var known = cache.find(key, id).filter(cached -> cached.isFresh(clock.instant()));
        if (known.isPresent()) {
            return known.get().answer();
        }
        long ticket = cache.ticket(key);
        var made = signed(responder.get(), request);
        if (made.mayBeKept()) {
            cache.put(key, id, made.cached(), ticket);
        }
        return made.answer(made.mayBeKept());
    }

    /** An answer has one signer: that of the first certificate that we know the issuer of. */
    private Optional<Responder> responder(OcspRequest request) {
        var all = issuers.get().stream()
                .map(issuer -> responders.computeIfAbsent(issuer.certificate(), unused -> new Responder(issuer)))
                .toList();
        return request.ids().stream()
                .flatMap(id -> all.stream().filter(each -> each.answersFor(id)))
                .findFirst();
    }

    private Made signed(Responder responder, OcspRequest request) {
        var now = clock.instant();
        var signer = responder.signer(now);
        var singles = standings(responder, request.ids());
        var thisUpdate = now.truncatedTo(ChronoUnit.SECONDS);
        var latest = thisUpdate.plus(LIFETIME);
        var nextUpdate = latest.isAfter(signer.notAfter()) ? signer.notAfter() : latest;
        var head = signer.head(singles, thisUpdate, nextUpdate, request.nonce());
        var half = thisUpdate.plus(Duration.between(thisUpdate, nextUpdate).dividedBy(2));
        return new Made(new Cached(head, signer, new Kept(thisUpdate, nextUpdate), half), singles);
    }

    private record Made(Cached cached, List<Single> singles) {
        /** Anybody can make up serial numbers: they must not drive out the answers that are asked for. */
        boolean mayBeKept() {
            var standing = singles.get(0).standing();
            return standing instanceof Standing.Good || standing instanceof Standing.Revoked;
        }

        OcspAnswer answer(boolean forOthers) {
            var answer = cached.answer();
            return forOthers ? answer : new OcspAnswer(answer.der(), Optional.empty());
        }
    }

    private List<Single> standings(Responder responder, List<CertId> ids) {
        takeTurn();
        try {
            return registry.read(view -> ids.stream()
                    .map(id -> new Single(
                            id,
                            responder.answersFor(id)
                                    ? Standing.of(view.certificate(responder.name(), id.serial())
                                            .map(CertificateStatus::of))
                                    : new Standing.Unknown()))
                    .toList());
        } finally {
            readers.release();
        }
    }

    private void takeTurn() {
        try {
            if (readers.getQueueLength() >= MOST_WAITING
                    || !readers.tryAcquire(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new RegistryUnavailable(RegistryUnavailable.Cause.BUSY, "more is asked than can be answered");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryUnavailable(RegistryUnavailable.Cause.CLOSED, "interrupted while waiting", e);
        }
    }

    /** Once a minute: everybody can ask as often as he likes. */
    private void say(RuntimeException failure) {
        var now = System.nanoTime();
        if (now - saidNanos >= QUIET_NANOS) {
            saidNanos = now;
            LOG.error("an OCSP request cannot be answered", failure);
        }
    }
}

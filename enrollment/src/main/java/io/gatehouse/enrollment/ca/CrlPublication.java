package io.gatehouse.enrollment.ca;

import io.gatehouse.enrollment.app.domain.CertificateStatus;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.enrollment.app.port.View.StoredCrl;
import io.gatehouse.enrollment.ca.crl.CrlEncoder;
import io.gatehouse.enrollment.ca.crl.PublishedCrl;
import io.gatehouse.enrollment.ca.crl.RevokedSet;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The CRLs of one authority, one after the other. Each has a greater number than every one before it, also across restarts (the
 * registry keeps the last) and restores (a number is never below the clock's milliseconds). An entry stays until one CRL was issued after
 * its certificate's end (RFC 5280, section 3.3). What is listed is kept in memory, and read anew from the registry once a day, so that
 * no mistake lives for long. CRLs are made by one thread at a time; any may tell of changes.
 */
final class CrlPublication {
    private static final Duration READ_ANEW_AFTER = Duration.ofDays(1);

    private final Generation name;
    private final String issuer;
    private final CrlEncoder encoder;
    private final Registry registry;
    private final InstantSource clock;
    private final Duration lifetime;

    private volatile @Nullable Listed listed;
    private volatile @Nullable RevokedSet filling;
    private Instant previousUpdate = Instant.EPOCH;

    /** What is listed, and when that was read. */
    private record Listed(RevokedSet set, Instant readAt) {
        boolean isOld(Instant now) {
            return now.isBefore(readAt) || !now.isBefore(readAt.plus(READ_ANEW_AFTER));
        }
    }

    CrlPublication(Authority authority, Registry registry, InstantSource clock, Duration lifetime) {
        this.name = authority.name();
        this.issuer = authority.subject();
        this.encoder = new CrlEncoder(authority.crlIssuer());
        this.registry = registry;
        this.clock = clock;
        this.lifetime = lifetime;
    }

    Generation name() {
        return name;
    }

    /** What became of a certificate; one of another authority's changes nothing. */
    boolean changed(CertificateStatus status) {
        if (!status.issuer().equals(issuer)) {
            return false;
        }
        // in this order: what is being filled takes the other's place, and must have heard of all that came before that
        tell(filling, status);
        var current = listed;
        return tell(current == null ? null : current.set(), status);
    }

    private static boolean tell(@Nullable RevokedSet set, CertificateStatus status) {
        if (set == null) {
            return false;
        }
        if (status.since().isPresent()) {
            set.put(status.serial(), status.since().get(), status.reasonCode(), status.notAfter());
            return true;
        }
        return set.remove(status.serial());
    }

    /** Makes the next CRL. Its number is durable before its bytes exist. */
    PublishedCrl issue() {
        var now = clock.instant();
        // a certificate is valid through the whole second of its end
        var revoked = set(now).settle(previousUpdate.minusSeconds(1));
        var thisUpdate = revoked.notBeforeAny(now.truncatedTo(ChronoUnit.SECONDS));
        var nextUpdate = thisUpdate.plus(lifetime);
        var number = registry.write(transaction -> {
            var last = transaction.crl(name.word()).map(StoredCrl::number).orElse(BigInteger.ZERO);
            var next = last.add(BigInteger.ONE).max(BigInteger.valueOf(thisUpdate.toEpochMilli()));
            transaction.save(new StoredCrl(name.word(), next, thisUpdate, nextUpdate));
            return next;
        });
        var crl = encoder.encode(revoked, number, thisUpdate, nextUpdate);
        previousUpdate = thisUpdate;
        return crl;
    }

    private RevokedSet set(Instant now) {
        var current = listed;
        if (current != null && !current.isOld(now)) {
            return current.set();
        }
        var fresh = new RevokedSet();
        filling = fresh;
        try {
            if (name.role() == AuthorityName.DEVICES) {
                fill(fresh);
            }
            fresh.filled();
            listed = new Listed(fresh, now);
            return fresh;
        } finally {
            filling = null;
        }
    }

    private void fill(RevokedSet fresh) {
        registry.read(view -> {
            previousUpdate = view.crl(name.word()).map(StoredCrl::thisUpdate).orElse(Instant.EPOCH);
            view.listed(
                    issuer,
                    previousUpdate.minusSeconds(1),
                    entry -> fresh.fill(entry.serial(), entry.since(), entry.reasonCode(), entry.notAfter()));
            return Optional.empty();
        });
    }
}

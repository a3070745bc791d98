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
 * registry keeps the last) and restores (a number is never below the clock's milliseconds). Its time is the clock's: when that was ahead and
 * went back, so does thisUpdate. An entry stays until one CRL was issued after its certificate's end (RFC 5280, section 3.3), and as long as
 * the clock says that this end has not come. What is listed is kept in memory, and read anew from the registry once a day and when the clock
 * went back, so that no mistake lives for long. CRLs are made by one thread at a time; any may tell of changes.
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
    /** The clock when what is listed was last used: by it, certificates may have left the set that have not ended now. */
    private Instant usedAt = Instant.EPOCH;

    /** What is listed, and when that was read. */
    private record Listed(RevokedSet set, Instant readAt) {
        boolean isOld(Instant now) {
            return !now.isBefore(readAt.plus(READ_ANEW_AFTER));
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
        var thisUpdate = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        var revoked = set(thisUpdate).settle(ended(thisUpdate));
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

    /**
     * What ended by then was on a CRL after its end, and may leave. Not by the last CRL alone: the clock may have been ahead when that was
     * made. A certificate is valid through the whole second of its end.
     */
    private Instant ended(Instant now) {
        var last = previousUpdate.isBefore(now) ? previousUpdate : now;
        return last.minusSeconds(1);
    }

    private RevokedSet set(Instant now) {
        var wentBack = now.isBefore(usedAt);
        usedAt = now;
        var current = listed;
        if (current != null && !wentBack && !current.isOld(now)) {
            return current.set();
        }
        var fresh = new RevokedSet();
        filling = fresh;
        try {
            if (name.role() == AuthorityName.DEVICES) {
                fill(fresh, now);
            }
            fresh.filled();
            listed = new Listed(fresh, now);
            return fresh;
        } finally {
            filling = null;
        }
    }

    private void fill(RevokedSet fresh, Instant now) {
        registry.read(view -> {
            previousUpdate = view.crl(name.word()).map(StoredCrl::thisUpdate).orElse(Instant.EPOCH);
            view.listed(
                    issuer,
                    ended(now),
                    entry -> fresh.fill(entry.serial(), entry.since(), entry.reasonCode(), entry.notAfter()));
            return Optional.empty();
        });
    }
}

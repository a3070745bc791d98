package io.gatehouse.enrollment.ca;

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

/**
 * The CRLs of one authority, one after the other. Each has a greater number than every one before it, also across restarts (the
 * registry keeps the last) and restores (a number is never below the clock's milliseconds). An entry stays until one CRL was issued after
 * its certificate's end (RFC 5280, section 3.3). Used by one thread.
 */
final class CrlPublication {
    private final Generation name;
    private final String issuer;
    private final CrlEncoder encoder;
    private final Registry registry;
    private final InstantSource clock;
    private final Duration lifetime;

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

    /** Makes the next CRL. Its number is durable before its bytes exist. */
    PublishedCrl issue() {
        var revoked = registry.read(view -> {
            var set = new RevokedSet();
            if (name.role() == AuthorityName.DEVICES) {
                var previous = view.crl(name.word()).map(StoredCrl::thisUpdate).orElse(Instant.EPOCH);
                // a certificate is valid through the whole second of its end
                view.listed(
                        issuer,
                        previous.minusSeconds(1),
                        entry -> set.add(entry.serial(), entry.since(), entry.reasonCode()));
            }
            return set;
        });
        var thisUpdate = revoked.notBeforeAny(clock.instant().truncatedTo(ChronoUnit.SECONDS));
        var nextUpdate = thisUpdate.plus(lifetime);
        var number = registry.write(transaction -> {
            var last = transaction.crl(name.word()).map(StoredCrl::number).orElse(BigInteger.ZERO);
            var next = last.add(BigInteger.ONE).max(BigInteger.valueOf(thisUpdate.toEpochMilli()));
            transaction.save(new StoredCrl(name.word(), next, thisUpdate, nextUpdate));
            return next;
        });
        return encoder.encode(revoked, number, thisUpdate, nextUpdate);
    }
}

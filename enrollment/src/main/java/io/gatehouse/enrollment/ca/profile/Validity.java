package io.gatehouse.enrollment.ca.profile;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** From when to when a certificate is valid, both ends included (RFC 5280, section 4.1.2.5), in whole seconds. */
public record Validity(Instant notBefore, Instant notAfter) {
    /** How far back a certificate's begin is put, for devices whose clock is a little slow. */
    public static final Duration BACKDATED = Duration.ofMinutes(5);

    public Validity {
        notBefore = notBefore.truncatedTo(ChronoUnit.SECONDS);
        notAfter = notAfter.truncatedTo(ChronoUnit.SECONDS);
        if (notAfter.isBefore(notBefore)) {
            throw new IllegalArgumentException("a certificate cannot end before it begins");
        }
    }

    /** Backdated, and lasting for that lifetime from now. */
    public static Validity from(Instant now, Duration lifetime) {
        return new Validity(now.minus(BACKDATED), now.plus(lifetime));
    }

    /**
     * The part of it in which the issuer is valid too.
     *
     * @throws IllegalArgumentException when there is none, because the issuer has expired
     */
    public Validity within(Validity issuer) {
        return new Validity(
                notBefore.isBefore(issuer.notBefore) ? issuer.notBefore : notBefore,
                notAfter.isAfter(issuer.notAfter) ? issuer.notAfter : notAfter);
    }
}

package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.enrollment.app.port.View;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes certificates that ended out of the directory, so that what a broker holds does not grow for ever, and back into it when the
 * clock turns out to have been ahead. Nobody is let in or kept out by it who would not be by the certificate's own time, except while
 * the clock is ahead by more than {@link #MARGIN}; so a clock that leaps ahead is believed only after it has gone steadily for an hour,
 * and so is that of a start, while one that goes back is believed at once. For one thread.
 */
public final class EndedCertificates {
    /**
     * How long after its end a certificate stays in the directory, so that brokers say {@code expired} of it: a day, and another by which
     * the clocks of broker and service may differ while the broker admits anybody (the usual {@code max-stale}).
     */
    public static final Duration MARGIN = Duration.ofDays(2);

    static final Duration STEADY = Duration.ofHours(1);
    private static final int AT_ONCE = 500;
    private static final Duration LEAP = Duration.ofMinutes(1);
    /** By so much a clock may go back without a certificate that ended long ago being told again. */
    private static final Duration SLACK = Duration.ofHours(1);

    private static final Logger LOG = LoggerFactory.getLogger(EndedCertificates.class);

    private final Registry registry;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final int atOnce;
    private Instant seen;
    private long seenNanos;
    private long steadySince;
    private boolean returning;

    /** @param nanoTime a clock that nobody sets */
    public EndedCertificates(Registry registry, InstantSource clock, LongSupplier nanoTime) {
        this(registry, clock, nanoTime, AT_ONCE);
    }

    EndedCertificates(Registry registry, InstantSource clock, LongSupplier nanoTime, int atOnce) {
        this.registry = registry;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.atOnce = atOnce;
        this.seen = clock.instant();
        this.seenNanos = nanoTime.getAsLong();
        this.steadySince = seenNanos;
    }

    /**
     * One step, which costs the same however many certificates there are: at most 500 of them, in one transaction. To be called every
     * second or so; whether more wait. Throws RegistryUnavailable when it cannot be done now.
     */
    public boolean step() {
        var now = clock.instant();
        boolean steady = isSteady(now);
        var border = now.minus(MARGIN);
        var end = registry.read(View::directoryEnd);
        if (end.last().isAfter(border.plus(SLACK))) {
            return takeBack(border);
        }
        returning = false;
        boolean due = end.next().filter(border::isAfter).isPresent();
        return steady && due && registry.write(transaction -> transaction.removeEnded(border, atOnce)) == atOnce;
    }

    private boolean takeBack(Instant border) {
        if (!returning) {
            LOG.warn("the clock was ahead: brokers are told again of certificates that end after {}", border);
            returning = true;
        }
        return registry.write(transaction -> transaction.takeBackEnded(border, atOnce)) == atOnce;
    }

    private boolean isSteady(Instant now) {
        long nanos = nanoTime.getAsLong();
        var leapt = Duration.between(seen, now).minusNanos(nanos - seenNanos);
        seen = now;
        seenNanos = nanos;
        if (leapt.compareTo(LEAP) > 0) {
            LOG.warn(
                    "the clock leapt ahead by {}: certificates that ended meanwhile stay in the directory for {}",
                    leapt,
                    STEADY);
            steadySince = nanos;
        }
        return nanos - steadySince >= STEADY.toNanos();
    }
}

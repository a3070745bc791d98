package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Fleet;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.port.View;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.RefusalReason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How many new certificates one identity gets by itself. Each is kept for good, by the registry, the audit and every broker, so whoever
 * holds one stolen key could fill them all. What is asked for again, and what an administrator made the right to, is not held up.
 *
 * <p>Judged by when the last but so many was issued: a time in the future means that the clock was set back, and holds nobody up; a
 * clock that was set forward for a while opens no more than that once. Thread-safe.
 */
public final class IssuingLimits {
    /** So many within an hour, or within five lifetimes where those are shorter: a device needs less than two in one. */
    public static final int OF_A_DEVICE = 20;
    /** So many within a day, for the feed and for the listener each; a broker needs one in three days. */
    public static final int OF_A_BROKER = 20;
    /** How long after the last refusal the alarm lasts. */
    public static final Duration ALARM_LASTS = Duration.ofMinutes(10);

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);

    private final InstantSource clock;
    /** Nothing is stored of a certificate for a listener, so nothing needs to outlive the service here. */
    private final Map<BrokerName, Deque<Instant>> forListeners = new HashMap<>();

    private Optional<Alarm> alarm = Optional.empty();

    public IssuingLimits(InstantSource clock) {
        this.clock = clock;
    }

    /** Who asked for too many, and when it was refused last. */
    public record Alarm(String who, Instant last) {}

    /** The alarm, while it lasts. */
    public synchronized Optional<Alarm> alarm() {
        return alarm.filter(raised -> within(raised.last(), ALARM_LASTS));
    }

    /** The right to a new certificate for this device of that fleet, unless it had its share. */
    <T> Outcome<T> ofDevice(View view, DeviceId device, Fleet fleet, T right) {
        var lifetimes = fleet.lifetime().multipliedBy(5);
        var window = lifetimes.compareTo(HOUR) < 0 ? lifetimes : HOUR;
        return view.issuedAt(device, OF_A_DEVICE)
                        .filter(at -> within(at, window))
                        .isPresent()
                ? refused("device " + device, "at most " + OF_A_DEVICE + " new certificates of a device in " + window)
                : Outcome.done(right);
    }

    /** The right to a new certificate for the feed, unless this broker had its share. */
    <T> Outcome<T> ofFeed(View view, BrokerName broker, T right) {
        return view.feedCertificateFrom(broker, OF_A_BROKER)
                        .filter(from -> within(from.plus(Brokers.BACKDATED), DAY))
                        .isPresent()
                ? tooManyOf(broker)
                : Outcome.done(right);
    }

    /** The same for its listener; noted as issued when it is done. */
    synchronized <T> Outcome<T> ofListener(BrokerName broker, T right) {
        var issued = forListeners.computeIfAbsent(broker, name -> new ArrayDeque<>());
        issued.removeIf(at -> !within(at, DAY));
        if (issued.size() >= OF_A_BROKER) {
            return tooManyOf(broker);
        }
        issued.add(clock.instant());
        return Outcome.done(right);
    }

    private <T> Outcome<T> tooManyOf(BrokerName broker) {
        return refused("broker " + broker, "at most " + OF_A_BROKER + " new certificates of a broker in a day");
    }

    private synchronized <T> Outcome<T> refused(String who, String detail) {
        alarm = Optional.of(new Alarm(who, clock.instant()));
        return Outcome.refused(RefusalReason.TOO_MANY_REQUESTS, detail);
    }

    private boolean within(Instant time, Duration window) {
        var now = clock.instant();
        return time.isAfter(now.minus(window)) && !time.isAfter(now);
    }
}

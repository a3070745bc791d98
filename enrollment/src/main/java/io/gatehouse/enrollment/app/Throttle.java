package io.gatehouse.enrollment.app;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Counts wrong secrets, per source and of all together. After {@value #PER_MINUTE} within a minute the next wrong one of a source is
 * throttled; after {@value #OF_ALL_PER_MINUTE}, of whatever sources, every wrong one. It never stands before a right secret, so it
 * locks nobody out: what it gives is quiet logs and an alarm. Bounded memory; thread-safe.
 */
public final class Throttle {
    public static final int PER_MINUTE = 20;
    /** Only wrong secrets that were not throttled count, so that one source alone never throttles others. */
    public static final int OF_ALL_PER_MINUTE = 1000;
    /** What a throttled peer is told to wait. */
    public static final Duration RETRY_AFTER = Duration.ofSeconds(60);
    /** How long after the last throttled secret the alarm lasts. */
    public static final Duration ALARM_LASTS = Duration.ofMinutes(10);

    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
    private static final int SOURCES = 10_000;

    private final InstantSource clock;
    private final Consumer<Alarm> alarms;
    // The source that was quiet for longest is forgotten first.
    private final Map<String, Deque<Instant>> sources = new LinkedHashMap<>(16, 0.75f, true);
    private final Deque<Instant> ofAll = new ArrayDeque<>();
    private long wrong;
    private long throttled;
    private long throttledWhenTold;
    private Optional<Alarm> alarm = Optional.empty();
    private Optional<Instant> told = Optional.empty();

    /** @param alarms is told when secrets are throttled, once a minute at most */
    public Throttle(InstantSource clock, Consumer<Alarm> alarms) {
        this.clock = clock;
        this.alarms = alarms;
    }

    /**
     * Somebody tries secrets.
     *
     * @param last when the last one was throttled
     * @param source where that came from
     * @param throttled how many were throttled since the alarm that was told before
     */
    public record Alarm(Instant last, String source, long throttled) {}

    /** How many were wrong and how many of those were throttled, since the start. */
    public record Counts(long wrong, long throttled) {}

    /** Notes a wrong secret; true when there were too many. */
    public boolean wrong(String source) {
        Optional<Alarm> news;
        synchronized (this) {
            wrong++;
            var now = clock.instant();
            var times = sources.computeIfAbsent(network(source), name -> new ArrayDeque<>());
            forgetOldest();
            recent(times, now);
            recent(ofAll, now);
            if (times.size() < PER_MINUTE && ofAll.size() < OF_ALL_PER_MINUTE) {
                times.addLast(now);
                ofAll.addLast(now);
                return false;
            }
            throttled++;
            news = raise(source, now);
        }
        news.ifPresent(alarms);
        return true;
    }

    /** The alarm, while it lasts. */
    public synchronized Optional<Alarm> alarm() {
        var now = clock.instant();
        return alarm.filter(raised -> within(raised.last(), ALARM_LASTS, now));
    }

    public synchronized Counts counts() {
        return new Counts(wrong, throttled);
    }

    /** What is to be told, unless something was told a moment ago. */
    private Optional<Alarm> raise(String source, Instant now) {
        var raised = new Alarm(now, source, throttled - throttledWhenTold);
        alarm = Optional.of(raised);
        if (told.filter(last -> within(last, WINDOW, now)).isPresent()) {
            return Optional.empty();
        }
        told = Optional.of(now);
        throttledWhenTold = throttled;
        return alarm;
    }

    private void forgetOldest() {
        if (sources.size() > SOURCES) {
            var oldest = sources.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    private static void recent(Deque<Instant> times, Instant now) {
        while (!times.isEmpty() && !within(times.getFirst(), WINDOW, now)) {
            times.removeFirst();
        }
    }

    /** A time in the future means that the clock was set back: it does not count for ever. */
    private static boolean within(Instant time, Duration window, Instant now) {
        return time.isAfter(now.minus(window)) && !time.isAfter(now);
    }

    /** Who has one address of IPv6 has all of its /64. */
    private static String network(String source) {
        if (!IPV6.matcher(source).matches()) {
            return source;
        }
        try {
            // A literal: nothing is looked up.
            byte[] address = InetAddress.getByName(source).getAddress();
            return address.length == 16 ? HexFormat.of().formatHex(address, 0, 8) : source;
        } catch (UnknownHostException e) {
            return source;
        }
    }
}

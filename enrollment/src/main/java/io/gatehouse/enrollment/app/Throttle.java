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
import java.util.regex.Pattern;

/**
 * Counts wrong secrets per source: after {@value #PER_MINUTE} within a minute the next wrong one is throttled. It never stands
 * before a right secret, so it locks nobody out. Bounded memory; thread-safe.
 */
public final class Throttle {
    public static final int PER_MINUTE = 20;
    /** What a throttled peer is told to wait. */
    public static final Duration RETRY_AFTER = Duration.ofSeconds(60);

    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
    private static final int SOURCES = 10_000;

    private final InstantSource clock;
    // The source that was quiet for longest is forgotten first.
    private final Map<String, Deque<Instant>> sources = new LinkedHashMap<>(16, 0.75f, true);

    public Throttle(InstantSource clock) {
        this.clock = clock;
    }

    /** Notes a wrong secret; true when the source has had too many. */
    public synchronized boolean wrong(String source) {
        var now = clock.instant();
        var times = sources.computeIfAbsent(network(source), name -> new ArrayDeque<>());
        if (sources.size() > SOURCES) {
            var oldest = sources.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        // A time in the future means that the clock was set back: it does not count for ever.
        times.removeIf(time -> !time.isAfter(now.minus(WINDOW)) || time.isAfter(now));
        if (times.size() >= PER_MINUTE) {
            return true;
        }
        times.addLast(now);
        return false;
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

package io.gatehouse.broker.wiring;

import io.gatehouse.broker.sessions.CloneWatch;
import io.gatehouse.identity.Fingerprint;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The latest alarms about certificates that are used in two places, as sentences of the broker's status for a day. Thread-safe. */
final class CloneAlarms {
    static final Duration SHOWN = Duration.ofDays(1);
    /** As many as leave room for other warnings in a report. */
    static final int MOST = 10;

    private record Raised(Instant at, String sentence) {}

    private final InstantSource clock;
    private final Map<Fingerprint, Raised> latest = new LinkedHashMap<>();

    CloneAlarms(InstantSource clock) {
        this.clock = clock;
    }

    synchronized void raise(CloneWatch.Alarm alarm) {
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        latest.remove(alarm.certificate());
        latest.put(
                alarm.certificate(),
                new Raised(
                        now,
                        "the certificate " + alarm.certificate() + " of device " + alarm.device()
                                + " is used in two places, "
                                + alarm.one() + " and " + alarm.other() + ", seen at " + now
                                + ": if it was copied, revoke the device"));
        if (latest.size() > MOST) {
            latest.remove(latest.keySet().iterator().next());
        }
    }

    /** A clock that was turned back makes none of them stay. */
    synchronized List<String> sentences() {
        var now = clock.instant();
        latest.values()
                .removeIf(raised -> Duration.between(raised.at(), now).abs().compareTo(SHOWN) > 0);
        return latest.values().stream().map(Raised::sentence).toList();
    }
}

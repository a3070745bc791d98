package io.gatehouse.enrollment.status;

import io.gatehouse.enrollment.app.domain.Broker;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** A broker node as programs see it. */
public final class BrokerJson {
    /** An idle broker reports every 10 seconds. */
    private static final Duration SILENT_AFTER = Duration.ofSeconds(25);

    private BrokerJson() {}

    public static Map<String, Object> of(Broker broker, Instant now) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("name", broker.name().value());
        shown.put("connected", connected(broker, now));
        shown.put("revision", broker.position().orElse(null));
        shown.put("lastSeen", broker.lastSeen().map(Instant::toString).orElse(null));
        shown.put("enrolledAt", broker.enrolledAt().toString());
        return shown;
    }

    static boolean connected(Broker broker, Instant now) {
        return broker.lastSeen()
                .filter(seen -> seen.plus(SILENT_AFTER).isAfter(now))
                .isPresent();
    }
}

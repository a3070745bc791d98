package io.gatehouse.enrollment.status;

import io.gatehouse.admission.feed.Report;
import io.gatehouse.enrollment.app.Brokers;
import io.gatehouse.enrollment.app.Presence;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A broker node as programs see it. */
public final class BrokerJson {
    private BrokerJson() {}

    /** @param revision where the directory is now */
    public static Map<String, Object> of(Brokers.Shown shown, long revision) {
        var broker = shown.broker();
        var status = shown.seen().flatMap(Presence.Seen::status);
        var position = position(shown);
        var members = new LinkedHashMap<String, Object>();
        members.put("name", broker.name().value());
        members.put("names", broker.names());
        members.put("connected", connected(shown));
        members.put("ready", status.map(Report.Status::ready).orElse(null));
        members.put("reason", status.flatMap(Report.Status::reason).orElse(null));
        members.put("problems", status.map(Report.Status::problems).orElse(List.of()));
        members.put("warnings", status.map(Report.Status::warnings).orElse(List.of()));
        members.put("revision", position.orElse(null));
        members.put("behind", position.map(at -> Math.max(0, revision - at)).orElse(null));
        members.put(
                "lastSeen",
                shown.seen()
                        .map(Presence.Seen::last)
                        .or(broker::lastSeen)
                        .map(Instant::toString)
                        .orElse(null));
        members.put("provider", status.map(Report.Status::provider).orElse(null));
        members.put("version", status.map(Report.Status::version).orElse(null));
        members.put("enrolledAt", broker.enrolledAt().toString());
        return members;
    }

    /** Whether it reads the feed right now. */
    static boolean connected(Brokers.Shown shown) {
        return shown.seen().map(Presence.Seen::connected).orElse(false);
    }

    private static Optional<Long> position(Brokers.Shown shown) {
        return shown.seen().flatMap(Presence.Seen::confirmed).or(shown.broker()::position);
    }
}

package io.gatehouse.broker.sessions;

import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Notices one certificate that is used in two places: their connections take the session over from each other by turns. A device that
 * moves to another address and stays there, or wanders on, gives no alarm; neither do two copies behind one address. Bounded, and an
 * alarm for a certificate comes at most once in {@link #WINDOW}, whatever the clients do. Thread-safe.
 */
public final class CloneWatch {
    /** Within which time the turns count. */
    public static final Duration WINDOW = Duration.ofMinutes(10);

    private static final int TURNS = 4;
    private static final int MOST_CLIENTS = 10_000;

    /** Both places have taken the session from each other; what it means is for a person to find out. */
    public record Alarm(DeviceId device, String clientId, Fingerprint certificate, String one, String other) {}

    /** By turns so far: the last place, the one before it. */
    private record Turns(
            Fingerprint certificate,
            Instant since,
            int count,
            String last,
            @Nullable String before) {}

    private final Map<String, Turns> byClient = new Recent<>();
    private final Map<Fingerprint, Instant> alarmed = new Recent<>();

    /** The latest only. */
    private static final class Recent<K, V> extends LinkedHashMap<K, V> {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > MOST_CLIENTS;
        }
    }

    /** Another connection took the session over from this one; an alarm when that goes to and fro. */
    public synchronized Optional<Alarm> takenOver(LiveSession session, Instant now) {
        var turns = next(byClient.remove(session.clientId()), session, now);
        byClient.put(session.clientId(), turns);
        var last = alarmed.get(session.certificate());
        boolean quiet = last != null && Duration.between(last, now).abs().compareTo(WINDOW) < 0;
        if (turns.count() < TURNS || turns.before() == null || quiet) {
            return Optional.empty();
        }
        alarmed.remove(session.certificate());
        alarmed.put(session.certificate(), now);
        return Optional.of(
                new Alarm(session.device(), session.clientId(), session.certificate(), turns.last(), turns.before()));
    }

    private static Turns next(@Nullable Turns so, LiveSession session, Instant now) {
        String place = session.origin().address();
        var certificate = session.certificate();
        if (so == null
                || !so.certificate().equals(certificate)
                || Duration.between(so.since(), now).abs().compareTo(WINDOW) > 0) {
            return new Turns(certificate, now, 1, place, null);
        }
        if (place.equals(so.last())) {
            // It lost its connection and came back.
            return so;
        }
        boolean back = so.before() == null || place.equals(so.before());
        return new Turns(certificate, back ? so.since() : now, back ? so.count() + 1 : 2, place, so.last());
    }
}

package io.gatehouse.admission.feed;

import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.RefusalReason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a broker tells the service: evidence, shown with the broker's name. All revisions up to {@code revision} are enforced and
 * durable at the broker. {@code full}: {@code opened} begins the complete list of the live sessions, and what the service had of
 * this broker is forgotten; a list that does not fit goes on in further reports that are not full. Immutable.
 */
public record Report(
        String epoch,
        long revision,
        boolean full,
        List<Opened> opened,
        List<Closed> closed,
        List<Refused> refused,
        List<Enforced> enforced,
        List<Fingerprint> admitted,
        Optional<Status> status) {
    /** The most bytes that one report may have. */
    public static final int MAX_BYTES = 256 * 1024;

    public Report {
        opened = List.copyOf(opened);
        closed = List.copyOf(closed);
        refused = List.copyOf(refused);
        enforced = List.copyOf(enforced);
        admitted = List.copyOf(admitted);
    }

    /** A session that a device opened; {@code session} is unique at the broker, also across its restarts. */
    public record Opened(
            String session,
            String clientId,
            DeviceId device,
            Fingerprint certificate,
            String address,
            String listener,
            String tls,
            Instant since) {}

    /** A session's end; the reason is a word of RefusalReason, or {@code client}, {@code network}, {@code taken-over}. */
    public record Closed(String session, String clientId, DeviceId device, String reason, Instant at) {}

    /** A connection, publish or subscription that was refused. */
    public record Refused(
            Instant at,
            RefusalReason reason,
            Optional<String> clientId,
            Optional<DeviceId> device,
            Optional<Fingerprint> certificate,
            String address) {}

    /** The sockets of so many sessions were closed because of that revision. */
    public record Enforced(long revision, int sessions) {}

    /**
     * How the broker is.
     *
     * @param reason why it is not ready
     * @param trusted the devices CAs that every listener asks clients for right now, as seen in a handshake; empty also when the
     *     broker cannot tell
     * @param problems what is wrong although it may be ready, each a sentence for the operator
     * @param warnings what to see to
     */
    public record Status(
            boolean ready,
            Optional<String> reason,
            String provider,
            String version,
            List<Fingerprint> trusted,
            List<String> problems,
            List<String> warnings) {
        /** The most that are told. */
        public static final int MOST_TRUSTED = 500;

        /** The most of each kind that are told. */
        public static final int MOST_SENTENCES = 20;

        public Status {
            trusted = List.copyOf(trusted);
            problems = List.copyOf(problems);
            warnings = List.copyOf(warnings);
        }

        /** With nothing wrong and nothing to see to. */
        public Status(
                boolean ready, Optional<String> reason, String provider, String version, List<Fingerprint> trusted) {
            this(ready, reason, provider, version, trusted, List.of(), List.of());
        }
    }
}

package io.gatehouse.broker.wiring;

import io.gatehouse.broker.monitor.Counts;
import java.io.File;
import java.nio.file.Path;

/** What is looked up whenever somebody asks for the metrics. Thread-safe. */
record Gauges(Standing standing, Doors doors, Observing observing, Path replica) {
    private static final double MILLIS = 1000.0;

    void register(Counts counts) {
        counts.gauge("ready", "1 while devices are admitted.", () -> standing.ready() ? 1 : 0);
        counts.gauge("connected", "1 while the feed is open.", () -> standing.connected() ? 1 : 0);
        counts.gauge("sessions", "Live sessions of devices.", doors.sessions::size);
        counts.gauge("purges.pending", "Devices whose stored sessions wait to be thrown away.", doors.purger::pending);
        counts.gauge("replica.revision", "The revision of the copy of the directory.", standing::revision);
        counts.gauge(
                "replica.age.seconds",
                "Since the service last said that this revision is current.",
                () -> standing.ageMillis() / MILLIS);
        counts.gauge("replica.devices", "Devices in the copy of the directory.", standing::devices);
        counts.gauge("replica.certificates", "Certificates in the copy of the directory.", standing::certificates);
        counts.gauge("replica.bytes", "Size of the copy of the directory on the disk.", () -> size(replica.toFile()));
        counts.gauge(
                "observing",
                "1 while decisions are only written down.",
                () -> observing.until().isPresent() ? 1 : 0);
        counts.gauge(
                "listeners.unsafe",
                "Governed listeners of which everybody is refused.",
                () -> doors.governance.unsafe().size());
        counts.gauge("provider.native", "1 when the native crypto provider works.", () -> standing.isNative() ? 1 : 0);
        counts.epoch(standing::epoch);
        counts.certificate("server", standing::serverCertificateSeconds);
        counts.certificate("feed", standing::feedCertificateSeconds);
        counts.certificate("public", standing::publicCertificateSeconds);
    }

    /** A file, or a folder of few files. */
    private static long size(File file) {
        File[] inside = file.listFiles();
        long bytes = file.length();
        if (inside != null) {
            bytes = 0;
            for (var each : inside) {
                bytes += each.length();
            }
        }
        return bytes;
    }
}

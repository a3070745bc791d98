package io.gatehouse.broker.wiring;

import com.hivemq.extension.sdk.api.client.parameter.ServerInformation;
import io.gatehouse.broker.config.ExtensionConfig;
import io.gatehouse.broker.config.ExtensionConfigFile;
import io.gatehouse.broker.config.HivemqConfig;
import io.gatehouse.broker.config.HivemqFolders;
import io.gatehouse.broker.config.OtherExtensions;
import io.gatehouse.broker.config.UnsafeConfigurationException;
import io.gatehouse.broker.identity.IdentityFiles;
import io.gatehouse.broker.monitor.MetricsPort;
import io.gatehouse.identity.RefusalReason;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the extension from refusing everybody to deciding, in the background; or says why it cannot. */
final class Operation implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Operation.class);
    private static final long STANDING_MILLIS = 250;
    /** A log that was configured anew has forgotten its filters. */
    private static final long TLS_LOG_MILLIS = 5_000;

    private final Path home;
    private final Path extensions;
    private final Path ownFolder;
    private final Doors doors;
    private final Standing standing;
    private final Observing observing;
    private final ServerInformation server;
    private final InstantSource clock;
    private volatile @Nullable Running running;
    private volatile @Nullable MetricsPort metricsPort;

    Operation(ServerInformation server, Path ownFolder, String version, Doors doors, InstantSource clock) {
        this.home = server.getHomeFolder().toPath().toAbsolutePath().normalize();
        this.extensions = server.getExtensionsFolder().toPath();
        this.ownFolder = ownFolder;
        this.server = server;
        this.doors = doors;
        this.observing = new Observing(doors.governance, clock);
        this.clock = clock;
        this.standing = new Standing(
                doors.readiness,
                doors.governance,
                observing,
                doors.bookkeeping::alarms,
                new StatusFile(home.resolve("data/gatehouse/status.json")),
                clock,
                version);
    }

    /** Everything that may take time or fail; called on a thread of its own. */
    void begin() {
        try {
            new Gauges(standing, doors, observing, replica()).register(doors.metrics);
            tlsHeard();
            doors.later.every(TLS_LOG_MILLIS, doors.tlsLog::listen);
            doors.later.every(STANDING_MILLIS, this::look);
            var files = new IdentityFiles(home.resolve("conf").resolve("gatehouse"));
            var config = new ExtensionConfigFile(files.configuration(), clock).read();
            openMetrics(config);
            var hivemq = judge(config, files);
            running = Running.start(
                    config, files, hivemq, home.resolve("data").resolve("gatehouse"), doors, standing, clock);
        } catch (UnsafeConfigurationException e) {
            refuseEverybody(e);
        } catch (RuntimeException | Error e) {
            LOG.error("Gatehouse cannot work and refuses every client until HiveMQ is restarted.", e);
            doors.readiness.closeForGood(RefusalReason.INTERNAL_ERROR, "it could not start, see the log: " + e);
            stopObserving();
        }
    }

    /** What cannot decide cannot observe either: whoever came in meanwhile goes. */
    private void stopObserving() {
        observing.abandon();
        doors.registration.adoptObserved();
    }

    private Path replica() {
        return home.resolve("data").resolve("gatehouse").resolve("replica");
    }

    private void tlsHeard() {
        if (!doors.tlsLog.listen()) {
            LOG.info("HiveMQ does not log by Logback here: failed TLS handshakes are not counted.");
        }
    }

    /** A port that cannot be opened is said, and keeps no device out. */
    private void openMetrics(ExtensionConfig config) {
        config.metricsPort().ifPresent(port -> {
            try {
                metricsPort = MetricsPort.open(port, doors.metrics::text);
            } catch (IOException e) {
                standing.warn(String.valueOf(e.getMessage()));
            }
        });
    }

    private void look() {
        var current = running;
        if (current != null) {
            observing.look(current::enforce);
        }
        standing.look();
    }

    /** What is unsafe here closes the door for good; the service hears of it all the same. */
    private HivemqConfig judge(ExtensionConfig config, IdentityFiles files) {
        try {
            var hivemq = HivemqConfig.read(
                    home,
                    HivemqFolders.config(home, System::getProperty, System::getenv),
                    files.truststore(),
                    config.listeners(),
                    opened(),
                    System::getenv);
            boolean shared =
                    !config.listeners().isEmpty() || config.observeUntil().isPresent();
            var others = OtherExtensions.authenticating(extensions, ownFolder);
            refuseBeside(others, shared);
            if (hivemq.listeners().isEmpty() && config.observeUntil().isEmpty()) {
                throw new UnsafeConfigurationException(
                        String.join("; ", hivemq.unsafe().values()));
            }
            doors.governance.govern(config.listeners());
            doors.governance.unsafe(hivemq.unsafe());
            hivemq.unsafe()
                    .forEach((name, why) -> LOG.error(
                            "Every client of the listener {} is refused until this is mended: {}", name, why));
            config.observeUntil().ifPresent(until -> observing.begin(until, others.isEmpty()));
            if (hivemq.sessionExpirySeconds() == HivemqConfig.NEVER) {
                standing.warn(
                        "HiveMQ keeps sessions for ever: set mqtt, session-expiry, max-interval in its config.xml");
            }
            return hivemq;
        } catch (UnsafeConfigurationException e) {
            refuseEverybody(e);
            return HivemqConfig.NONE;
        }
    }

    private void refuseEverybody(UnsafeConfigurationException e) {
        LOG.error("Gatehouse refuses every client until this is mended and HiveMQ is restarted: {}", e.getMessage());
        doors.governance.govern(Set.of());
        doors.readiness.closeForGood(RefusalReason.UNSAFE_CONFIGURATION, String.valueOf(e.getMessage()));
        stopObserving();
    }

    private Set<HivemqConfig.Opened> opened() {
        return server.getListener().stream()
                .map(listener -> new HivemqConfig.Opened(listener.getName(), listener.getPort()))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** HiveMQ asks extensions in the order of their priority; where others may authenticate too, ours must be asked first. */
    private void refuseBeside(List<Path> others, boolean shared) throws UnsafeConfigurationException {
        for (var other : others) {
            if (!shared) {
                throw new UnsafeConfigurationException(
                        other,
                        "the extension",
                        "enabled, and authenticates clients",
                        "no other authenticating extension (remove the folder, or put a file DISABLED in it)");
            }
            if (OtherExtensions.isAskedBeforeOurs(other)) {
                throw new UnsafeConfigurationException(
                        other.resolve("hivemq-extension.xml"),
                        "priority",
                        "that of ours",
                        "less than " + Integer.MAX_VALUE);
            }
        }
    }

    @Override
    public void close() {
        doors.readiness.close(RefusalReason.UNAVAILABLE, "the broker is stopping");
        var port = metricsPort;
        if (port != null) {
            port.close();
        }
        var current = running;
        if (current != null) {
            current.close();
        }
    }
}

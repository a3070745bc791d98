package io.gatehouse.broker.wiring;

import com.hivemq.extension.sdk.api.client.parameter.ServerInformation;
import io.gatehouse.broker.config.ExtensionConfigFile;
import io.gatehouse.broker.config.HivemqConfig;
import io.gatehouse.broker.config.OtherExtensions;
import io.gatehouse.broker.config.UnsafeConfigurationException;
import io.gatehouse.broker.identity.IdentityFiles;
import io.gatehouse.identity.RefusalReason;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the extension from refusing everybody to deciding, in the background; or says why it cannot. */
final class Operation implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Operation.class);
    private static final long STANDING_MILLIS = 250;

    private final Path home;
    private final Path extensions;
    private final Path ownFolder;
    private final Doors doors;
    private final Standing standing;
    private final InstantSource clock;
    private volatile @Nullable Running running;

    Operation(ServerInformation server, Path ownFolder, String version, Doors doors, InstantSource clock) {
        this.home = server.getHomeFolder().toPath().toAbsolutePath().normalize();
        this.extensions = server.getExtensionsFolder().toPath();
        this.ownFolder = ownFolder;
        this.doors = doors;
        this.clock = clock;
        this.standing = new Standing(
                doors.readiness, new StatusFile(home.resolve("data/gatehouse/status.json")), clock, version);
    }

    /** Everything that may take time or fail; called on a thread of its own. */
    void begin() {
        try {
            doors.metrics.gauges(standing, doors);
            doors.later.every(STANDING_MILLIS, standing::look);
            var files = new IdentityFiles(home.resolve("conf").resolve("gatehouse"));
            var config = new ExtensionConfigFile(files.configuration()).read();
            var hivemq = HivemqConfig.read(home, files.truststore(), System::getenv);
            refuseBesideOthers();
            if (hivemq.sessionExpirySeconds() == HivemqConfig.NEVER) {
                LOG.warn(
                        "HiveMQ keeps sessions for ever: set mqtt, session-expiry, max-interval in its conf/config.xml.");
            }
            running = Running.start(
                    config, files, hivemq, home.resolve("data").resolve("gatehouse"), doors, standing, clock);
        } catch (UnsafeConfigurationException e) {
            LOG.error(
                    "Gatehouse refuses every client until this is mended and HiveMQ is restarted: {}", e.getMessage());
            doors.readiness.close(RefusalReason.UNSAFE_CONFIGURATION, String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) {
            LOG.error("Gatehouse cannot work and refuses every client until HiveMQ is restarted.", e);
            doors.readiness.close(RefusalReason.INTERNAL_ERROR, "it could not start, see the log: " + e);
        }
    }

    private void refuseBesideOthers() throws UnsafeConfigurationException {
        var other = OtherExtensions.authenticating(extensions, ownFolder);
        if (other.isPresent()) {
            throw new UnsafeConfigurationException(
                    other.get(),
                    "the extension",
                    "enabled, and authenticates clients",
                    "no other authenticating extension (remove the folder, or put a file DISABLED in it)");
        }
    }

    @Override
    public void close() {
        doors.readiness.close(RefusalReason.UNAVAILABLE, "the broker is stopping");
        var current = running;
        if (current != null) {
            current.close();
        }
    }
}

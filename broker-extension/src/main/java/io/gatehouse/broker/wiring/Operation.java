package io.gatehouse.broker.wiring;

import com.hivemq.extension.sdk.api.client.parameter.ServerInformation;
import io.gatehouse.admission.client.LinkSettings;
import io.gatehouse.admission.client.ServiceLink;
import io.gatehouse.admission.decision.Admission;
import io.gatehouse.broker.admit.Readiness;
import io.gatehouse.broker.config.ExtensionConfig;
import io.gatehouse.broker.config.ExtensionConfigFile;
import io.gatehouse.broker.config.HivemqConfig;
import io.gatehouse.broker.config.OtherExtensions;
import io.gatehouse.broker.config.UnsafeConfigurationException;
import io.gatehouse.broker.enforce.Closer;
import io.gatehouse.broker.enforce.Enforcer;
import io.gatehouse.broker.enforce.Rights;
import io.gatehouse.broker.enforce.StoredSweep;
import io.gatehouse.broker.identity.IdentityFiles;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.x509.tls.ServerRole;
import io.gatehouse.x509.tls.ServiceTrust;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the extension from refusing everybody to deciding, in the background, and keeps it going. */
final class Operation implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Operation.class);
    private static final long EXPIRY_MILLIS = 200;
    private static final long STANDING_MILLIS = 250;

    private final Path home;
    private final Path extensions;
    private final Path ownFolder;
    private final Doors doors;
    private final Standing standing;
    private final InstantSource clock;
    private final AtomicReference<SSLContext> tls = new AtomicReference<>();
    private @Nullable ServiceLink link;

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
        doors.metrics.gauges(standing, doors);
        doors.later.every(STANDING_MILLIS, standing::look);
        try {
            var files = new IdentityFiles(home.resolve("conf").resolve("gatehouse"));
            var config = new ExtensionConfigFile(files.configuration()).read();
            HivemqConfig.read(home, files.truststore(), System::getenv);
            refuseBesideOthers();
            connect(config, files);
        } catch (UnsafeConfigurationException e) {
            unsafe(String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) {
            LOG.error("Gatehouse cannot work and refuses every client.", e);
            doors.readiness.close(RefusalReason.INTERNAL_ERROR, "see the log: " + e);
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

    private void connect(ExtensionConfig config, IdentityFiles files) throws UnsafeConfigurationException {
        var trust = ServiceTrust.of(files.trust(), ServerRole.enrollmentService(config.trustDomain()), clock);
        tls.set(trust.sslContext(files.identity(IdentityFiles.Use.FEED)));
        var enforcer = new AtomicReference<Enforcer>();
        var opened = ServiceLink.open(
                new LinkSettings(config.services(), home.resolve("data/gatehouse/replica")),
                tls::get,
                clock,
                applied -> Objects.requireNonNull(enforcer.get()).onChange(applied));
        link = opened;
        standing.linked(opened, config.broker().value(), config.maxStale());
        doors.bookkeeping.reportTo(opened);
        var admission = new Admission(config.maxStale());
        var closer = new Closer(doors.control);
        var rights = new Rights(opened.directory(), doors.stored, closer);
        var sweep = new StoredSweep(opened.directory(), doors.control, doors.clients, doors.purger);
        var open = new Readiness.Open(admission, opened.directory());
        var enforcing = new Enforcer(
                opened.directory(),
                admission,
                doors.sessions,
                closer,
                rights,
                doors.purger,
                doors.bookkeeping,
                clock,
                applied -> {
                    doors.readiness.open(open.admission(), open.directory());
                    if (applied.full()) {
                        doors.later.now(sweep::run);
                    }
                });
        enforcer.set(enforcing);
        doors.behind = enforcing::behind;
        sweep.index();
        if (!opened.directory().read(view -> view.synchronised())) {
            // Refuses everybody by itself until the first snapshot.
            doors.readiness.open(admission, opened.directory());
        }
        opened.start();
        doors.later.every(
                EXPIRY_MILLIS,
                () -> doors.expiry.expired(clock.instant()).forEach(session -> {
                    var unused = closer.close(session, RefusalReason.EXPIRED);
                }));
    }

    private void unsafe(String why) {
        LOG.error("Gatehouse refuses every client until this is mended and HiveMQ is restarted: {}", why);
        doors.readiness.close(RefusalReason.UNSAFE_CONFIGURATION, why);
    }

    @Override
    public void close() {
        doors.readiness.close(RefusalReason.UNAVAILABLE, "the broker is stopping");
        if (link != null) {
            link.close();
        }
    }
}

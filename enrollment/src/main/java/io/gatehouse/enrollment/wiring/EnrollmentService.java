package io.gatehouse.enrollment.wiring;

import io.gatehouse.enrollment.app.Rotation;
import io.gatehouse.enrollment.app.StepWatch;
import io.gatehouse.enrollment.ca.AuditKey;
import io.gatehouse.enrollment.ca.CertificateIssuer;
import io.gatehouse.enrollment.ca.DelayedExecutor;
import io.gatehouse.enrollment.ca.DevicesCaFiles;
import io.gatehouse.enrollment.ca.Hierarchies;
import io.gatehouse.enrollment.ca.ScheduledCrls;
import io.gatehouse.enrollment.ca.ServerCertificates;
import io.gatehouse.enrollment.ca.ocsp.OcspResponder;
import io.gatehouse.enrollment.config.ConfigException;
import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.enrollment.http.ServerTls;
import io.gatehouse.enrollment.keys.CryptoProvider;
import io.gatehouse.enrollment.keys.ServerKeyManager;
import io.gatehouse.enrollment.store.SqliteRegistry;
import io.gatehouse.x509.TrustDomain;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running enrollment service. {@link #start} returns when all three ports answer; {@link #close} ends everything in the
 * opposite order within a few seconds. Nothing that was answered as done is lost by a stop, whatever its kind.
 */
public final class EnrollmentService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EnrollmentService.class);

    /** How soon after its last certificate a foreign CA is trusted by no broker any more. */
    private static final Duration SWEEP = Duration.ofMinutes(1);

    /** How soon a renewed certificate of another CA is shown. */
    private static final Duration LOOK = Duration.ofSeconds(10);

    private final OpenParts parts;
    private final Ports ports;

    private EnrollmentService(OpenParts parts, Ports ports) {
        this.parts = parts;
        this.ports = ports;
    }

    /**
     * Starts the service of an initialised home, and writes the admin token of this start. What was opened is closed again when it
     * throws: HierarchyException for keys that cannot be opened, ConfigException for a database that is not there, UncheckedIOException for an address that cannot be had.
     *
     * @param passphrase of the keys; not kept
     */
    public static EnrollmentService start(ServiceConfig config, Home home, char[] passphrase, InstantSource clock) {
        var parts = new OpenParts();
        try {
            var service = new EnrollmentService(parts, open(parts, config, home, passphrase, clock));
            LOG.info(
                    "ready enroll={} admin={} pki={} provider={} x25519={}",
                    service.ports.enroll(),
                    service.ports.admin(),
                    service.ports.pki(),
                    CryptoProvider.inUse().name(),
                    CryptoProvider.ofX25519().name());
            return service;
        } catch (RuntimeException | Error e) {
            parts.close();
            throw e;
        }
    }

    private static Ports open(
            OpenParts parts, ServiceConfig config, Home home, char[] passphrase, InstantSource clock) {
        CryptoProvider.installFirst();
        var since = clock.instant();
        var publicIdentity =
                config.publicTls().map(tls -> PublicIdentity.open(tls, home, config.certificateNames(), clock));
        var hierarchies = Hierarchies.open(config, home, passphrase);
        NewHome.requireDatabase(home);
        var signer = AuditKey.openOrMake(home, passphrase);
        var issuer = new CertificateIssuer(hierarchies, config);
        var registry = parts.keep(SqliteRegistry.openExisting(home.database(), clock));
        var later = later(parts);
        var crls = new ScheduledCrls(hierarchies, registry, clock, System::nanoTime, later);
        crls.start();
        var ocsp = new OcspResponder(hierarchies::ocspIssuers, registry, clock);
        registry.listen(ocsp);
        var role = TrustDomain.of(config.trustDomain()).enrollmentService();
        var server = new ServerCertificates(issuer, config.certificateNames(), role, clock, later);
        server.start();
        var authorities = new DevicesCaFiles(hierarchies, home);
        var app = UseCases.over(registry, issuer, authorities, signer, config, clock);
        start(app.rotation(), home);
        new StepWatch("the rotation of the devices CA", app.rotation()::step, 50, later::after, System::nanoTime)
                .start();
        new Regularly(later, SWEEP, app.importedAuthorities()::sweep).start("the directory's imported CAs");
        new StepWatch("taking ended certificates away", app.ended()::step, 9, later(parts)::after, System::nanoTime)
                .start();
        // On a thread of its own: the log server elsewhere may be slow.
        parts.keep(CheckpointRounds.start(app.checkpoints(), later(parts)));
        publicIdentity.ifPresent(
                certificate -> new Regularly(later(parts), LOOK, certificate::look).start("the public certificate"));
        AdminTokenFile.write(home.adminToken(), app.tokens().adminToken());
        var ca = new CaView(hierarchies, crls, ocsp, server, publicIdentity, home, clock);
        var keys = new ServerKeyManager(server, name -> publicIdentity.flatMap(certificate -> certificate.of(name)));
        return new Doors(config, home, app, issuer, ca, clock).open(parts, new ServerTls(keys), since);
    }

    /** Throws ConfigException when a start would fail for the sake of the certificate of another CA. */
    public static void checkPublicCertificate(ServiceConfig config, Home home, InstantSource clock) {
        config.publicTls().ifPresent(tls -> PublicIdentity.open(tls, home, config.certificateNames(), clock));
    }

    private static void start(Rotation rotation, Home home) {
        try {
            rotation.start();
        } catch (Rotation.OlderFilesException e) {
            throw new ConfigException(home.toString(), "", "", String.valueOf(e.getMessage()));
        }
    }

    private static DelayedExecutor later(OpenParts parts) {
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(task -> {
            var thread = new Thread(task, "later");
            thread.setDaemon(true);
            return thread;
        });
        parts.keep(scheduler::shutdownNow);
        return DelayedExecutor.on(scheduler);
    }

    public Ports ports() {
        return ports;
    }

    @Override
    public void close() {
        parts.close();
        LOG.info("stopped");
    }
}

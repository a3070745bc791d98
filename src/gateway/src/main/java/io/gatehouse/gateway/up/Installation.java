package io.gatehouse.gateway.up;

import io.gatehouse.enrollment.ca.AuditKey;
import io.gatehouse.enrollment.ca.Hierarchies;
import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.enrollment.wiring.EnrollmentService;
import io.gatehouse.enrollment.wiring.NewHome;
import io.gatehouse.gateway.install.BrokerHome;
import io.gatehouse.gateway.install.JavaCommands;
import io.gatehouse.gateway.install.NodeIdentity;
import io.gatehouse.gateway.install.Stage;
import io.gatehouse.gateway.supervise.Part;
import io.gatehouse.gateway.supervise.Passphrase;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/** A home with its configuration: what makes it complete, and the two parts that run from it. Immutable. */
public final class Installation {
    private final Home home;
    private final ServiceConfig config;
    private final Stage stage;
    private final InstantSource clock;

    public Installation(Home home, ServiceConfig config, Stage stage, InstantSource clock) {
        this.home = home;
        this.config = config;
        this.stage = stage;
        this.clock = clock;
    }

    public Home home() {
        return home;
    }

    public ServiceConfig config() {
        return config;
    }

    public InstantSource clock() {
        return clock;
    }

    /**
     * Makes what is missing: the database and both hierarchies, the audit's key, the broker's home and its identities. Only while nothing
     * runs from this home. Throws ConfigException when there are hierarchies without the database.
     */
    public Hierarchies init(Passphrase passphrase) {
        Hierarchies hierarchies = NewHome.make(config, home, passphrase.chars(), clock);
        AuditKey.openOrMake(home, passphrase.chars());
        completeBroker(() -> hierarchies);
        return hierarchies;
    }

    /** As {@link #init}, without unlocking keys that nothing needs: the service does that itself, and says what is wrong. */
    public void complete(Passphrase passphrase) {
        if (Files.exists(home.trustPem())) {
            NewHome.requireDatabase(home);
            completeBroker(() -> Hierarchies.create(config, home, passphrase.chars(), clock));
        } else {
            init(passphrase);
        }
    }

    private void completeBroker(Supplier<Hierarchies> hierarchies) {
        BrokerHome broker = new BrokerHome(home, config, stage);
        EnrollmentService.checkPublicCertificate(config, home, clock);
        broker.prepare(clock);
        new NodeIdentity(home, config, clock).ensure(hierarchies, broker);
    }

    /** The enrollment service; ready when it says so itself. */
    public Part service(Passphrase passphrase) {
        return new Part(
                "service",
                new JavaCommands(stage).service(home, config),
                Optional.of(passphrase),
                home.log().resolve("service.out"),
                new ServiceReadiness(home, config, clock));
    }

    /** The broker; ready when it listens. Whether it lets a device in depends on the directory, which it may have to fetch first. */
    public Part broker() {
        return new Part(
                "broker",
                new JavaCommands(stage).broker(home, config),
                Optional.empty(),
                home.log().resolve("broker.out"),
                new ListenReadiness(config.localAddress(), config.mqttPort()));
    }
}

package io.gatehouse.gateway.demo;

import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.gateway.door.MqttDoor;
import io.gatehouse.gateway.install.JavaCommands;
import io.gatehouse.gateway.install.Stage;
import io.gatehouse.gateway.rest.AdminClient;
import io.gatehouse.gateway.rest.AdminTarget;
import io.gatehouse.gateway.supervise.Failure;
import io.gatehouse.gateway.supervise.Part;
import io.gatehouse.gateway.supervise.Passphrase;
import io.gatehouse.gateway.supervise.RestartRules;
import io.gatehouse.gateway.supervise.RunFiles;
import io.gatehouse.gateway.supervise.Supervisor;
import io.gatehouse.gateway.up.Installation;
import io.gatehouse.gateway.up.Proof;
import io.gatehouse.gateway.up.Trusts;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Runs service and broker in a home of their own and tells the story on them. For one run; {@link #close()} may come from any thread. */
public final class Demo implements AutoCloseable {
    private final Installation installation;
    private final Stage stage;
    private final RunFiles files;
    private final RestartRules rules;
    private final Agents agents;
    private final Steps steps;
    private final List<String> events = new CopyOnWriteArrayList<>();
    private volatile @Nullable Supervisor supervisor;

    /**
     * @param devices the directory in which the demo's devices live
     * @param rules how its parts are kept
     */
    public Demo(
            Installation installation, Stage stage, RunFiles files, RestartRules rules, Path devices, PrintStream out) {
        this.rules = rules;
        this.installation = installation;
        this.stage = stage;
        this.files = files;
        this.agents = new Agents(new JavaCommands(stage), devices, installation.home(), installation.config());
        this.steps = new Steps(out);
    }

    /** Tells the story with so many devices. Throws {@link StepFailed} at the first step that does not hold. */
    public void tell(Passphrase passphrase, int devices) throws InterruptedException {
        Home home = installation.home();
        ServiceConfig config = installation.config();
        InstantSource clock = installation.clock();
        steps.step("the CAs, the keys and the configuration are made", () -> {
            installation.complete(passphrase);
            return home.toString();
        });
        steps.step("the service and the broker start", () -> start(passphrase));
        Proof proof = new Proof(installation, events::add);
        steps.step("nobody without a valid certificate of a known device is admitted", () -> {
            events.clear();
            proof.show();
            return String.join("\n", events);
        });
        files.writePorts(config);
        MqttDoor door = new MqttDoor(config.localAddress(), config.mqttPort(), config.publicHost());
        AdminClient admin = new AdminClient(AdminTarget.local(home, clock));
        new Story(steps, admin, agents, door, Trusts.ofBroker(home, config, clock), devices).tell();
    }

    /** Waits until a part cannot be kept running; why. */
    public Optional<Failure> awaitStop() throws InterruptedException {
        Supervisor running = supervisor;
        return running == null ? Optional.empty() : running.awaitStop();
    }

    private String start(Passphrase passphrase) throws InterruptedException {
        List<Part> parts = List.of(installation.service(passphrase), installation.broker());
        Supervisor starting = new Supervisor(parts, rules, files, events::add);
        supervisor = starting;
        starting.start();
        if (!starting.awaitReady()) {
            throw new StepFailed(starting.failure().map(Failure::reason).orElse("it was stopped"));
        }
        return String.join("\n", events) + "\n" + "HiveMQ with "
                + stage.extensionZip().getFileName();
    }

    /** Ends everything that runs. */
    @Override
    public void close() {
        agents.end();
        Supervisor running = supervisor;
        if (running != null) {
            running.close();
        }
        files.close();
    }
}

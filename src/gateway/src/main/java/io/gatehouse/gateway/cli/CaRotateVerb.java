package io.gatehouse.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatehouse.enrollment.ca.DevicesRotation;
import io.gatehouse.enrollment.ca.HierarchyException;
import io.gatehouse.enrollment.ca.HierarchyException.Problem;
import io.gatehouse.enrollment.config.ConfigFile;
import io.gatehouse.enrollment.config.Home;
import io.gatehouse.gateway.rest.AdminClient;
import io.gatehouse.gateway.rest.AdminTarget;
import io.gatehouse.gateway.rest.RequestRefused;
import io.gatehouse.gateway.rest.ServiceUnreachable;
import io.gatehouse.gateway.supervise.Passphrase;
import io.gatehouse.gateway.supervise.RunFiles;
import io.gatehouse.x509.Certificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "rotate",
        description = "make the next devices CA with the root key, on the machine of the service; it issues when every"
                + " broker trusts it")
final class CaRotateVerb implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long LOOK_EVERY_MILLIS = 250;

    private final Terminal terminal;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "the home of the service on this machine (default: $GATEHOUSE_HOME, else ./gatehouse-home)")
    private Optional<Path> place = Optional.empty();

    @Option(
            names = "--root-key",
            paramLabel = "FILE",
            description =
                    "the file root-keys.pem that was taken away; it is only read (default: the one in HOME/secrets)")
    private Optional<Path> rootKey = Optional.empty();

    @Option(
            names = "--root-unlock-file",
            paramLabel = "FILE",
            description = "holds the passphrase of the root keys; - for standard input, there after that of"
                    + " --unlock-file (default: the home's own passphrase, else a prompt)")
    private Optional<String> rootUnlock = Optional.empty();

    @Mixin
    private UnlockOption unlock = new UnlockOption();

    CaRotateVerb(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        Home home = HomeOptions.homeOf(place, terminal);
        Locks.finishRestore(home);
        requireNoneWaiting(home);
        DevicesRotation rotation = new DevicesRotation(ConfigFile.load(home), home, InstantSource.system());
        Passphrase passphrase = unlock.read(home, terminal);
        DevicesRotation.Made made = rotate(rotation, rootKey.orElse(rotation.rootKeys()), passphrase);
        terminal.out()
                .println("made " + made.name() + "  sha256:"
                        + Certificates.fingerprint(made.certificate()) + "  until "
                        + made.certificate().getNotAfter().toInstant());
        if (rotation.rootKeys().equals(rootKey.orElse(rotation.rootKeys()))) {
            terminal.out().println("Take " + rotation.rootKeys() + " away to a safe place.");
        }
        return announce(home, made.name());
    }

    private DevicesRotation.Made rotate(DevicesRotation rotation, Path rootKeys, Passphrase passphrase) {
        if (rootUnlock.isPresent()) {
            Passphrase given = UnlockOption.from(rootUnlock.get(), "--root-unlock-file", terminal);
            return rotation.rotate(rootKeys, given.chars(), passphrase.chars());
        }
        try {
            return rotation.rotate(rootKeys, passphrase.chars(), passphrase.chars());
        } catch (HierarchyException e) {
            // Only of the root keys: the home's own are opened first.
            if (e.problem() != Problem.WRONG_PASSPHRASE || !e.file().equals(rootKeys.toString())) {
                throw e;
            }
            Optional<Passphrase> typed = UnlockOption.typed("Passphrase for the root keys in " + rootKeys + ": ");
            return rotation.rotate(rootKeys, typed.orElseThrow(() -> e).chars(), passphrase.chars());
        }
    }

    /** One at a time; a service that is not there cannot tell, and then nothing is under way that more than one CA would disturb. */
    private void requireNoneWaiting(Home home) {
        Optional<JsonNode> ca = ask(home);
        ca.map(shown -> shown.path("waiting")).filter(JsonNode::isObject).ifPresent(waiting -> {
            throw new CommandFailed("the devices CA " + waiting.path("name").asText()
                    + " is there and has not taken over yet: see gatehouse ca show");
        });
    }

    /** The service reads its keys when it starts; under {@code up} its supervisor starts it again within seconds. */
    private int announce(Home home, String name) throws InterruptedException {
        Optional<ProcessHandle> service = underUp(home);
        if (service.isEmpty()) {
            terminal.out()
                    .println("Restart the enrollment service now: it announces " + name
                            + " to the brokers then, whose sessions go on. See: gatehouse ca show");
            return Exit.DONE;
        }
        service.get().destroy();
        terminal.out().println("The enrollment service is started again to announce it; brokers and sessions go on.");
        terminal.out().flush();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            Optional<JsonNode> ca = ask(home).filter(shown -> names(shown, name));
            if (ca.isPresent()) {
                CaVerbs.print(ca.get(), terminal.out());
                return Exit.DONE;
            }
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
        throw new CommandFailed("the service has not come back with " + name + " within a minute: see " + home.log());
    }

    private static boolean names(JsonNode ca, String name) {
        for (JsonNode authority : ca.path("authorities")) {
            if (authority.path("name").asText().equals(name)) {
                return true;
            }
        }
        return false;
    }

    private Optional<JsonNode> ask(Home home) {
        try {
            AdminTarget target = AdminTarget.find(Map.of(), home, InstantSource.system());
            return Optional.of(new AdminClient(target).get("/api/v1/ca").json());
        } catch (ServiceUnreachable | RequestRefused e) {
            return Optional.empty();
        }
    }

    /** The service's process, when {@code up} keeps it: the lock proves that, and then the pid is its. */
    private static Optional<ProcessHandle> underUp(Home home) {
        Optional<RunFiles> free = RunFiles.lockPart(home, "up");
        if (free.isPresent()) {
            free.get().close();
            return Optional.empty();
        }
        try {
            return ProcessHandle.of(
                    Long.parseLong(Files.readString(home.pid("service")).strip()));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }
}

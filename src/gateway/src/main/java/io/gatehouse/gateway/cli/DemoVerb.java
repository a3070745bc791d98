package io.gatehouse.gateway.cli;

import io.gatehouse.enrollment.config.ConfigException;
import io.gatehouse.enrollment.config.ConfigFile;
import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.enrollment.config.Setting;
import io.gatehouse.enrollment.config.Settings;
import io.gatehouse.gateway.demo.Demo;
import io.gatehouse.gateway.install.Stage;
import io.gatehouse.gateway.install.Trees;
import io.gatehouse.gateway.supervise.Failure;
import io.gatehouse.gateway.supervise.RestartRules;
import io.gatehouse.gateway.up.Foreground;
import io.gatehouse.gateway.up.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        description =
                "the whole story on real parts, in a temporary home and on free ports; prints each step with its time;"
                        + " exits with 0, or with 1 at the first step that does not hold")
final class DemoVerb implements Callable<Integer> {
    private static final int MOST_DEVICES = 100;

    /** HiveMQ takes five seconds to close stores that are deleted the moment after. */
    private static final Duration HASTE = Duration.ofMillis(500);

    private final Terminal terminal;

    @Mixin
    private HomeOptions options = new HomeOptions();

    @Mixin
    private UnlockOption unlock = new UnlockOption();

    @Option(names = "--keep", description = "leave it running after the story, until Ctrl-C, and keep the home")
    private boolean keep;

    @Option(names = "--devices", paramLabel = "N", description = "so many devices enroll and publish (default: 1)")
    private int devices = 1;

    DemoVerb(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        if (devices < 1 || devices > MOST_DEVICES) {
            throw new ConfigException("command line", "--devices", Integer.toString(devices), "1 to " + MOST_DEVICES);
        }
        Path temporary = Files.createTempDirectory("gatehouse-demo-");
        Home home = options.given().orElseGet(() -> new Home(temporary.resolve("home")));
        ServiceConfig config = ConfigFile.open(home, freePortsUnlessGiven());
        home.create();
        Installation installation = new Installation(home, config, Stage.current(), InstantSource.system());
        Path places = temporary.resolve("devices");
        boolean thrownAway = !keep && options.given().isEmpty();
        RestartRules rules = thrownAway ? RestartRules.standard().endingWithin(HASTE) : RestartRules.standard();
        Demo demo = new Demo(installation, Stage.current(), Locks.whole(home), rules, places, terminal.out());
        Thread onSignal = new Thread(() -> end(demo, temporary), "on-signal");
        Runtime.getRuntime().addShutdownHook(onSignal);
        boolean told = false;
        try {
            tell(demo, home);
            told = true;
            return keep ? stay(demo, home) : Exit.DONE;
        } finally {
            demo.close();
            if (told && !keep) {
                Trees.delete(temporary);
            } else {
                terminal.err().println("left behind: " + temporary);
            }
            Foreground.forget(onSignal);
        }
    }

    private void tell(Demo demo, Home home) throws InterruptedException {
        long started = System.nanoTime();
        demo.tell(unlock.readOrMake(home, terminal), devices);
        double seconds = Duration.ofNanos(System.nanoTime() - started).toMillis() / 1000.0;
        terminal.out().println(String.format(Locale.ROOT, "The whole story holds: %.1f s", seconds));
    }

    private int stay(Demo demo, Home home) throws InterruptedException {
        terminal.out().println("It goes on running until Ctrl-C. To look around: gatehouse device list --home " + home);
        terminal.out().flush();
        Optional<Failure> failure = demo.awaitStop();
        failure.ifPresent(why -> terminal.err().println("gatehouse: " + why.reason()));
        return failure.isPresent() ? Exit.FAILED : Exit.DONE;
    }

    private void end(Demo demo, Path temporary) {
        try {
            demo.close();
            if (!keep) {
                Trees.delete(temporary);
            }
        } finally {
            Runtime.getRuntime().halt(keep ? Exit.DONE : Exit.FAILED);
        }
    }

    /** A demo must not meet what runs on the usual ports. */
    private Map<Setting<?>, String> freePortsUnlessGiven() {
        Map<Setting<?>, String> settings = new HashMap<>();
        Settings.PORTS.stream().filter(port -> port.fallback().isPresent()).forEach(port -> settings.put(port, "0"));
        settings.putAll(options.settings());
        return settings;
    }
}

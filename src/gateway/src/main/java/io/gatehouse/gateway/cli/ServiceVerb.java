package io.gatehouse.gateway.cli;

import io.gatehouse.enrollment.config.ConfigFile;
import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.enrollment.wiring.EnrollmentService;
import io.gatehouse.gateway.supervise.Passphrase;
import io.gatehouse.gateway.supervise.RunFiles;
import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "service", description = "run the enrollment service alone, in the foreground")
final class ServiceVerb implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private HomeOptions options = new HomeOptions();

    @Mixin
    private UnlockOption unlock = new UnlockOption();

    @Option(
            names = "--supervised",
            hidden = true,
            description = "the passphrase is the first line of standard input, whose end ends the service")
    private boolean supervised;

    ServiceVerb(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        Home home = options.home(terminal);
        if (!supervised) {
            Locks.finishRestore(home);
        }
        ServiceConfig config =
                options.settings().isEmpty() ? ConfigFile.load(home) : ConfigFile.open(home, options.settings());
        if (supervised) {
            return serve(config, home, UnlockOption.firstLine(terminal.in(), "standard input"));
        }
        try (RunFiles files = Locks.part(home, "service")) {
            new Ports(home, config).ofService();
            files.writeOwnPid("service");
            return serve(config, home, unlock.read(home, terminal));
        }
    }

    private int serve(ServiceConfig config, Home home, Passphrase passphrase) throws InterruptedException {
        EnrollmentService service = EnrollmentService.start(config, home, passphrase.chars(), InstantSource.system());
        CountDownLatch end = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            service.close();
                            Runtime.getRuntime().halt(Exit.DONE);
                        },
                        "on-signal"));
        if (supervised) {
            Thread watch = new Thread(() -> awaitEndOfInput(terminal.in(), end), "supervisor-watch");
            watch.setDaemon(true);
            watch.start();
        } else {
            terminal.out().println("The enrollment service listens on " + config.enrollUrl());
            terminal.out().flush();
        }
        end.await();
        return Exit.DONE;
    }

    /** The supervisor holds the other end and never writes again: when it is gone, whatever the reason, this ends. */
    private static void awaitEndOfInput(InputStream in, CountDownLatch end) {
        try {
            while (in.read() >= 0) {
                // Nothing is expected.
            }
        } catch (IOException e) {
            // The same as its end.
        }
        end.countDown();
    }
}

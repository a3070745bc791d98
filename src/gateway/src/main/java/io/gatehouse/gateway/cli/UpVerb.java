package io.gatehouse.gateway.cli;

import io.gatehouse.enrollment.config.ConfigFile;
import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.gateway.install.Stage;
import io.gatehouse.gateway.supervise.Passphrase;
import io.gatehouse.gateway.supervise.RunFiles;
import io.gatehouse.gateway.up.Foreground;
import io.gatehouse.gateway.up.Installation;
import io.gatehouse.gateway.up.Proof;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "up",
        description =
                "run service and broker in the foreground; an empty home is initialised; says `Gatehouse is ready` once a"
                        + " probe device was admitted, then revoked and refused, and an anonymous and a foreign client were refused")
final class UpVerb implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private HomeOptions options = new HomeOptions();

    @Mixin
    private UnlockOption unlock = new UnlockOption();

    UpVerb(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        Home home = options.home(terminal);
        Locks.finishRestore(home);
        ServiceConfig config = ConfigFile.open(home, options.settings());
        home.create();
        RunFiles files = Locks.whole(home);
        try {
            Ports ports = new Ports(home, config);
            ports.ofService();
            ports.ofBroker();
            Passphrase passphrase = unlock.readOrMake(home, terminal);
            Installation installation = new Installation(home, config, Stage.current(), InstantSource.system());
            installation.complete(passphrase);
            Foreground foreground = new Foreground(
                    List.of(installation.service(passphrase), installation.broker()),
                    files,
                    this::tell,
                    terminal.err()::println);
            return foreground.run(() -> {
                new Proof(installation, this::tell).show();
                files.writePorts(config);
                ready(home, config);
            });
        } finally {
            files.close();
        }
    }

    private void ready(Home home, ServiceConfig config) {
        tell("home     " + home);
        tell("trust    " + home.trustPem() + " (for every client)");
        tell("enroll   " + config.enrollUrl());
        tell("broker   " + config.brokerUrl());
        tell("token    " + home.adminToken() + " (for the REST interface; the verbs find it)");
        tell("Gatehouse is ready: " + config.localAdminUrl() + "/api/v1/");
    }

    private void tell(String line) {
        terminal.out().println(line);
        terminal.out().flush();
    }
}

package io.gatehouse.gateway.cli;

import io.gatehouse.enrollment.config.ConfigFile;
import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.gateway.install.BrokerHome;
import io.gatehouse.gateway.install.Stage;
import io.gatehouse.gateway.supervise.RunFiles;
import io.gatehouse.gateway.up.Foreground;
import io.gatehouse.gateway.up.Installation;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "broker",
        description = "run the broker alone, in the foreground; it needs no passphrase and no service to start")
final class BrokerVerb implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private HomeOptions options = new HomeOptions();

    BrokerVerb(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        Home home = options.home(terminal);
        ServiceConfig config =
                options.settings().isEmpty() ? ConfigFile.load(home) : ConfigFile.open(home, options.settings());
        BrokerHome broker = new BrokerHome(home, config, Stage.current());
        if (!broker.hasIdentity()) {
            throw new CommandFailed("the broker in " + home.broker() + " has no identity yet: `gatehouse init --home "
                    + home + "` makes it");
        }
        try (RunFiles files = Locks.part(home, "broker")) {
            new Ports(home, config).ofBroker();
            broker.prepare(InstantSource.system());
            Installation installation = new Installation(home, config, Stage.current(), InstantSource.system());
            return new Foreground(List.of(installation.broker()), files, this::tell, terminal.err()::println)
                    .run(() -> tell("The broker listens on " + config.brokerUrl()));
        }
    }

    private void tell(String line) {
        terminal.out().println(line);
        terminal.out().flush();
    }
}

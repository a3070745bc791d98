package io.gatehouse.gateway.cli;

import io.gatehouse.enrollment.ca.AuthorityName;
import io.gatehouse.enrollment.ca.Hierarchies;
import io.gatehouse.enrollment.config.ConfigFile;
import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.gateway.install.Stage;
import io.gatehouse.gateway.supervise.Passphrase;
import io.gatehouse.gateway.supervise.RunFiles;
import io.gatehouse.gateway.up.Installation;
import io.gatehouse.x509.Certificates;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "init", description = "make CAs, keys and configuration, and nothing else; what is there is kept")
final class InitVerb implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private HomeOptions options = new HomeOptions();

    @Mixin
    private UnlockOption unlock = new UnlockOption();

    InitVerb(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Home home = options.home(terminal);
        Locks.finishRestore(home);
        ServiceConfig config = ConfigFile.open(home, options.settings());
        home.create();
        RunFiles files = Locks.whole(home);
        try (files) {
            Passphrase passphrase = unlock.read(home, terminal);
            Installation installation = new Installation(home, config, Stage.current(), InstantSource.system());
            Hierarchies hierarchies = installation.init(passphrase);
            terminal.out().println("home            " + home);
            terminal.out()
                    .println("services root   sha256:"
                            + Certificates.fingerprint(hierarchies.certificate(AuthorityName.SERVICES_ROOT)));
            terminal.out()
                    .println("Take " + home.secrets().resolve("root-keys.pem")
                            + " away to a safe place: it is needed only to make new CAs.");
        }
        return Exit.DONE;
    }
}

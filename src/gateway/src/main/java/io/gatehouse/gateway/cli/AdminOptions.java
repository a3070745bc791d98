package io.gatehouse.gateway.cli;

import io.gatehouse.enrollment.config.ConfigException;
import io.gatehouse.enrollment.config.Home;
import io.gatehouse.gateway.rest.AdminClient;
import io.gatehouse.gateway.rest.AdminTarget;
import io.gatehouse.gateway.rest.Reply;
import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** What all verbs that speak the REST API have in common. */
final class AdminOptions {
    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "the home of the service on this machine (default: $GATEHOUSE_HOME, else ./gatehouse-home)")
    private Optional<Path> home = Optional.empty();

    @Option(names = "--json", description = "print the body of the REST answer as it came")
    private boolean json;

    /** The home of the command line, without any default. */
    Optional<Path> home() {
        return home;
    }

    boolean json() {
        return json;
    }

    AdminClient client(Terminal terminal) {
        Home place = HomeOptions.homeOf(home, terminal);
        return new AdminClient(AdminTarget.find(terminal.environment(), place, InstantSource.system()));
    }

    /** Prints what a person wants to see, or the body. */
    void show(Reply reply, PrintStream out, Consumer<PrintStream> text) {
        if (json) {
            out.println(reply.text().stripTrailing());
        } else {
            text.accept(out);
        }
    }

    /** The same where the answer is made here, of several of the service's. */
    void show(String written, PrintStream out, Consumer<PrintStream> text) {
        if (json) {
            out.println(written);
        } else {
            text.accept(out);
        }
    }

    /** One segment of a path, or a value of a query; what a path would read as another place is taken as a name, too. */
    static String encoded(String text) {
        if (text.isBlank()) {
            throw new ConfigException("command line", "", "", "an empty name is no name");
        }
        String encoded = URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
        return encoded.matches("\\.{1,2}") ? encoded.replace(".", "%2E") : encoded;
    }
}

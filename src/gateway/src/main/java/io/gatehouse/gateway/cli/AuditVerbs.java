package io.gatehouse.gateway.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatehouse.gateway.offline.OfflineAudit;
import io.gatehouse.gateway.rest.AdminClient;
import io.gatehouse.gateway.rest.Reply;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "audit", description = "who did what, in a chain that shows when it was tampered with")
final class AuditVerbs {
    private static final String EXPORT = "/api/v1/audit/export";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Terminal terminal;

    AuditVerbs(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(description = "all entries")
    int list(@Mixin ListOptions options) {
        return options.list(terminal, "/api/v1/audit", "seq", "time", "actor", "action", "subject", "detail");
    }

    @Command(
            description =
                    "the whole audit as lines of JSON, with its signed checkpoints, for `audit verify --file` on any"
                            + " machine")
    int export(
            @Mixin AdminOptions admin,
            @Option(
                            names = "--out",
                            paramLabel = "FILE",
                            description = "write there, when all has arrived (default: standard output)")
                    Optional<Path> out) {
        AdminClient client = admin.client(terminal);
        try {
            if (out.isEmpty()) {
                client.download(EXPORT, terminal.out());
                if (terminal.out().checkError()) { // a PrintStream does not throw
                    throw new CommandFailed("the export cannot be written to standard output: it is not complete");
                }
            } else {
                exportTo(client, out.get());
            }
            return Exit.DONE;
        } catch (IOException e) {
            throw new UncheckedIOException("the export cannot be written", e);
        }
    }

    /** The file is whole or as it was before. */
    private static void exportTo(AdminClient client, Path out) throws IOException {
        Path aside = out.resolveSibling("." + out.getFileName() + ".new");
        try {
            try (OutputStream file = Files.newOutputStream(aside)) {
                client.download(EXPORT, file);
            }
            Files.move(aside, out, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(aside);
        }
    }

    @Command(
            description = {
                "check the chain and its signed checkpoints; exits with 1 when something was changed, removed or reordered,"
                        + " or when nothing vouches for it by the --key or the --checkpoints that were given.",
                "Reads the database of the home, whether a service runs or not, or with --file an export or a copy of a"
                        + " database. With GATEHOUSE_URL set and neither --home nor --file, the service checks itself."
            })
    int verify(
            @Mixin AdminOptions admin,
            @Option(names = "--file", paramLabel = "FILE", description = "an export, or a copy of a database")
                    Optional<Path> file,
            @Option(
                            names = "--key",
                            paramLabel = "FILE",
                            description =
                                    "the public key of the checkpoints in PEM, kept from before: must have vouched for"
                                            + " entries (default: HOME/pki/audit.pem; of a file: what it names itself)")
                    Optional<Path> key,
            @Option(
                            names = "--checkpoints",
                            paramLabel = "FILE",
                            description = "checkpoints that were kept elsewhere (setting audit-checkpoints-to), also as"
                                    + " a syslog server wrote them: shows when an audit was cut off or is another one")
                    Optional<Path> checkpoints) {
        boolean remote = file.isEmpty()
                && key.isEmpty()
                && checkpoints.isEmpty()
                && admin.home().isEmpty()
                && terminal.environment().containsKey("GATEHOUSE_URL");
        if (remote) {
            Reply reply = admin.client(terminal).post("/api/v1/audit/verify", Map.of());
            admin.show(reply, terminal.out(), out -> tell(reply.json(), out));
            return reply.json().path("intact").asBoolean() ? Exit.DONE : Exit.FAILED;
        }
        var audit = new OfflineAudit(key, checkpoints);
        var report =
                file.isPresent() ? audit.ofFile(file.get()) : audit.ofHome(HomeOptions.homeOf(admin.home(), terminal));
        JsonNode shown = JSON.valueToTree(report.members());
        if (admin.json()) {
            terminal.out().println(text(shown));
        } else {
            tell(shown, terminal.out());
        }
        return report.result().holds() ? Exit.DONE : Exit.FAILED;
    }

    private static void tell(JsonNode result, PrintStream out) {
        if (result.path("intact").asBoolean()) {
            out.println("the audit is intact");
        } else {
            boolean rows = result.path("brokenAt").isNumber();
            out.println((rows ? "THE AUDIT IS BROKEN: " : "THE AUDIT IS NOT VOUCHED FOR: ")
                    + result.path("problem").asText("see brokenAt"));
        }
        if (result.path("warning").isTextual()) {
            out.println("WARNING: " + result.path("warning").asText());
        }
        Details.print(result, out);
    }

    private static String text(JsonNode json) {
        try {
            return JSON.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot be written as JSON", e);
        }
    }
}

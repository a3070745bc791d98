package io.gatehouse.gateway.cli;

import static io.gatehouse.gateway.cli.AdminOptions.encoded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatehouse.enrollment.config.ConfigException;
import io.gatehouse.gateway.install.OwnerOnly;
import io.gatehouse.gateway.rest.AdminClient;
import io.gatehouse.gateway.rest.Reply;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "claim", description = "claims: the right to enroll, of one device or of new devices of a fleet")
final class ClaimVerbs {
    private static final String CLAIMS = "/api/v1/claims";

    private final Terminal terminal;

    ClaimVerbs(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(
            description = {
                "make a claim; its secret is shown now and never again",
                "with --device for that device alone, without for so many new devices of the fleet"
            })
    int create(
            @Mixin AdminOptions admin,
            @Option(names = "--fleet", paramLabel = "FLEET", required = true, description = "whose devices it is for")
                    String fleet,
            @Mixin ClaimOptions options,
            @Option(
                            names = "--out",
                            paramLabel = "FILE",
                            description =
                                    "write the secret there (0600, a new file) instead of showing it; what --json prints"
                                            + " has no member secret then")
                    Optional<Path> out) {
        if (out.isPresent() && options.secretIsTheDevices()) {
            throw new ConfigException(
                    "command line", "--out", out.get().toString(), "with --secret-sha256 there is no secret to write");
        }
        out.ifPresent(ClaimVerbs::requireNew); // before there is a secret that could be lost
        AdminClient client = admin.client(terminal);
        Reply reply = client.post(CLAIMS, options.body(fleet));
        out.ifPresent(file -> writeSecret(file, reply.json()));
        String json =
                out.isPresent() ? withoutSecret(reply.json()) : reply.text().stripTrailing();
        admin.show(json, terminal.out(), print -> tell(reply.json(), options.whom(fleet), out, print));
        return Exit.DONE;
    }

    @Command(description = "all claims, without their secrets")
    int list(
            @Mixin ListOptions options,
            @Option(names = "--fleet", paramLabel = "FLEET", description = "of this fleet") Optional<String> fleet,
            @Option(names = "--device", paramLabel = "DEVICE", description = "for this device")
                    Optional<String> device) {
        List<String> parameters = new ArrayList<>();
        fleet.ifPresent(value -> parameters.add("fleet=" + encoded(value)));
        device.ifPresent(value -> parameters.add("device=" + encoded(value)));
        return options.list(
                terminal, CLAIMS, parameters, "id", "fleet", "device", "used", "uses", "approval", "state", "expires");
    }

    @Command(description = "make a claim useless: no new request by it, and what waits for approval is rejected")
    int cancel(@Mixin AdminOptions admin, @Parameters(paramLabel = "CLAIM", description = "its id") String claim) {
        Reply reply = admin.client(terminal).send("DELETE", CLAIMS + "/" + encoded(claim), Map.of());
        admin.show(reply, terminal.out(), out -> out.println("claim " + claim + " is cancelled"));
        return Exit.DONE;
    }

    private static void requireNew(Path file) {
        Path directory = file.toAbsolutePath().getParent();
        if (Files.exists(file) || directory == null || !Files.isWritable(directory)) {
            throw new CommandFailed(file + ": a secret is written to a new file in a directory that is there");
        }
    }

    private static String withoutSecret(JsonNode claim) {
        return claim instanceof ObjectNode object ? object.without("secret").toString() : claim.toString();
    }

    private static void tell(JsonNode claim, String whom, Optional<Path> file, PrintStream out) {
        out.println("claim " + claim.path("id").asText() + " for " + whom
                + (claim.path("expires").isTextual()
                        ? ", good until " + claim.path("expires").asText()
                        : ""));
        if (file.isPresent()) {
            out.println("its secret is in " + file.get());
        } else if (claim.path("secret").isTextual()) {
            out.println("its secret, shown only now:");
            out.println("  " + claim.path("secret").asText());
        }
        out.println("on the device, which reads the secret from a file or, with -, from standard input:");
        out.println("  " + claim.path("command").asText());
    }

    private static void writeSecret(Path file, JsonNode claim) {
        try {
            OwnerOnly.write(file, claim.path("secret").asText() + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("the claim is made, but its secret cannot be written to " + file, e);
        }
    }
}

package io.gatehouse.gateway.cli;

import static io.gatehouse.gateway.cli.AdminOptions.encoded;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatehouse.gateway.rest.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "cert", description = "single certificates")
final class CertVerbs {
    private static final String CERTIFICATES = "/api/v1/certificates";

    private final Terminal terminal;

    CertVerbs(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(description = "certificates of devices, the newest first")
    int list(
            @Mixin ListOptions options,
            @Option(names = "--device", paramLabel = "DEVICE", description = "of this device") Optional<String> device,
            @Option(names = "--serial", paramLabel = "HEX", description = "with this serial number")
                    Optional<String> serial) {
        List<String> parameters = new ArrayList<>();
        device.ifPresent(value -> parameters.add("device=" + encoded(value)));
        serial.ifPresent(value -> parameters.add("serial=" + encoded(value)));
        return options.list(terminal, CERTIFICATES, parameters, "sha256", "device", "state", "notAfter");
    }

    @Command(description = "one certificate; with --json also its encoding as PEM")
    int show(
            @Mixin AdminOptions admin,
            @Parameters(paramLabel = "SHA256", description = "the SHA-256 of its DER, in hex") String sha256) {
        Reply reply = admin.client(terminal).get(CERTIFICATES + "/" + encoded(sha256));
        admin.show(reply, terminal.out(), out -> {
            if (reply.json() instanceof ObjectNode members) {
                Details.print(members.deepCopy().without("pem"), out);
            }
        });
        return Exit.DONE;
    }

    @Command(description = "revoke one certificate and end the sessions that were made with it")
    int revoke(
            @Mixin AdminOptions admin,
            @Parameters(paramLabel = "SHA256", description = "the SHA-256 of its DER, in hex") String sha256,
            @Mixin RevocationOptions options) {
        Reply reply = admin.client(terminal).post(CERTIFICATES + "/" + encoded(sha256) + "/revoke", options.body());
        return Enforced.tell(admin, reply, "certificate " + sha256 + " is revoked", terminal);
    }
}

package io.gatehouse.gateway.cli;

import static io.gatehouse.gateway.cli.AdminOptions.encoded;

import io.gatehouse.gateway.rest.Reply;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "cert", description = "single certificates")
final class CertVerbs {
    private final Terminal terminal;

    CertVerbs(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(description = "revoke one certificate and end the sessions that were made with it")
    int revoke(
            @Mixin AdminOptions admin,
            @Parameters(paramLabel = "SHA256", description = "the SHA-256 of its DER, in hex") String sha256,
            @Mixin RevocationOptions options) {
        Reply reply =
                admin.client(terminal).post("/api/v1/certificates/" + encoded(sha256) + "/revoke", options.body());
        return Enforced.tell(admin, reply, "certificate " + sha256 + " is revoked", terminal);
    }
}

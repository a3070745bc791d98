package io.gatehouse.gateway.cli;

import static io.gatehouse.gateway.cli.AdminOptions.encoded;

import io.gatehouse.gateway.rest.Reply;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "pending", description = "requests for a certificate that wait for a person")
final class PendingVerbs {
    private static final String PENDING = "/api/v1/pending";

    private final Terminal terminal;

    PendingVerbs(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(description = "who waits, with the SHA-256 of the public key and the address it came from")
    int list(@Mixin ListOptions options) {
        return options.list(terminal, PENDING, "id", "fleet", "requestedAt", "address", "claim", "publicKey");
    }

    @Command(description = "let it in: it gets its certificate when it asks again with the same key")
    int approve(@Mixin AdminOptions admin, @Parameters(paramLabel = "DEVICE") String device) {
        return act(admin, device, "approve", "approved");
    }

    @Command(description = "refuse it; a new device stays refused until a claim is made for it alone")
    int reject(@Mixin AdminOptions admin, @Parameters(paramLabel = "DEVICE") String device) {
        return act(admin, device, "reject", "rejected");
    }

    private int act(AdminOptions admin, String device, String action, String done) {
        Reply reply = admin.client(terminal).post(PENDING + "/" + encoded(device) + "/" + action, Map.of());
        admin.show(
                reply,
                terminal.out(),
                out -> out.println("device " + device + " is " + done + ", key "
                        + reply.json().path("publicKey").asText()));
        return Exit.DONE;
    }
}

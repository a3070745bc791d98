package io.gatehouse.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatehouse.gateway.rest.Reply;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "audit", description = "who did what, in a chain that shows when it was tampered with")
final class AuditVerbs {
    private final Terminal terminal;

    AuditVerbs(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(description = "all entries")
    int list(@Mixin ListOptions options) {
        return options.list(terminal, "/api/v1/audit", "seq", "time", "actor", "action", "subject", "detail");
    }

    @Command(description = "recompute the chain; exits with 1 when it is broken")
    int verify(@Mixin AdminOptions admin) {
        Reply reply = admin.client(terminal).post("/api/v1/audit/verify", java.util.Map.of());
        JsonNode result = reply.json();
        boolean intact = result.path("intact").asBoolean();
        admin.show(reply, terminal.out(), out -> {
            out.println(intact ? "the audit is intact" : "THE AUDIT IS BROKEN");
            Details.print(result, out);
        });
        return intact ? Exit.DONE : Exit.FAILED;
    }
}

package io.gatehouse.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatehouse.gateway.rest.Reply;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "status",
        description =
                "what runs, since when, how fresh each broker is, keys and revocation lists; exits with 0 when healthy,"
                        + " 1 when degraded, 3 when nothing runs")
final class StatusVerb implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private AdminOptions admin = new AdminOptions();

    StatusVerb(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Reply reply = admin.client(terminal).get("/api/v1/status");
        JsonNode status = reply.json();
        boolean healthy = status.path("healthy").asBoolean();
        admin.show(reply, terminal.out(), out -> {
            out.println(healthy ? "healthy" : "DEGRADED");
            new OwnBroker(HomeOptions.homeOf(admin.home(), terminal)).complain(status, out);
            Details.print(status, out);
        });
        return healthy ? Exit.DONE : Exit.FAILED;
    }
}

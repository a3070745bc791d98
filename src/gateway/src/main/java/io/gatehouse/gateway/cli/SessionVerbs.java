package io.gatehouse.gateway.cli;

import static io.gatehouse.gateway.cli.AdminOptions.encoded;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "session", description = "live MQTT connections, as the brokers report them")
final class SessionVerbs {
    private final Terminal terminal;

    SessionVerbs(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(description = "all live sessions")
    int list(@Mixin ListOptions options) {
        return options.list(
                terminal, "/api/v1/sessions", "id", "clientId", "device", "broker", "address", "tls", "since");
    }

    @Command(
            description =
                    "close one live session: the device may connect again at once, what is queued for it stays; its will is not sent")
    int kick(
            @Mixin AdminOptions admin,
            @Parameters(paramLabel = "SESSION", description = "its id, as session list shows it") String session) {
        var reply = admin.client(terminal).post("/api/v1/sessions/" + encoded(session) + "/kick", Map.of());
        return Enforced.tell(admin, reply, "session " + session + " is closed", terminal);
    }
}

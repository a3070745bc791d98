package io.gatehouse.gateway.cli;

import static io.gatehouse.gateway.cli.AdminOptions.encoded;

import io.gatehouse.gateway.rest.Reply;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "broker-node", description = "the registered broker nodes")
final class BrokerNodeVerbs {
    private final Terminal terminal;

    BrokerNodeVerbs(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(description = "all registered nodes, and how fresh each one's directory is")
    int list(@Mixin ListOptions options) {
        return options.list(terminal, "/api/v1/brokers", "name", "connected", "revision", "lastSeen", "provider");
    }

    @Command(
            description =
                    "forget a node that was stolen or given up: its connection is cut, its certificates open nothing")
    int remove(@Mixin AdminOptions admin, @Parameters(paramLabel = "BROKER", description = "its name") String broker) {
        Reply reply = admin.client(terminal).send("DELETE", "/api/v1/brokers/" + encoded(broker), Map.of());
        admin.show(reply, terminal.out(), out -> out.println("broker " + broker + " is removed"));
        return Exit.DONE;
    }
}

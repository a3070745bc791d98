package io.gatehouse.gateway.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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
}

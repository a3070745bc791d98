package io.gatehouse.gateway.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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
}

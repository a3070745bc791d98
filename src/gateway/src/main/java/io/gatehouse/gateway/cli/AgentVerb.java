package io.gatehouse.gateway.cli;

import io.gatehouse.agent.AgentCommand;
import java.util.List;

/** {@code gatehouse agent ...}: hands its words to the device agent. */
final class AgentVerb {
    private AgentVerb() {}

    static int run(List<String> words, Terminal terminal) {
        return AgentCommand.run(words.toArray(String[]::new), terminal.out(), terminal.err(), terminal.in());
    }
}

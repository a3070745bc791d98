package io.gatehouse.agent.cli;

import io.gatehouse.agent.config.AgentSettings;
import io.gatehouse.agent.config.ConfigException;
import io.gatehouse.agent.config.Setting;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What every verb has: its streams, the common options, help. */
abstract class Verb implements Callable<Integer> {
    final Streams streams;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    @SuppressWarnings("unused") // picocli sets it and acts on it
    private boolean help;

    Verb(Streams streams) {
        this.streams = streams;
    }

    /** Does it, and answers the exit code. */
    abstract int run(AgentSettings settings) throws ConfigException, IOException;

    /** The verb's own options among the settings. */
    Map<Setting, String> options() {
        return Map.of();
    }

    @Override
    public final Integer call() throws ConfigException, IOException {
        return run(common.settings(streams, options()));
    }
}

package io.gatehouse.agent.cli;

import io.gatehouse.agent.Attempt;
import io.gatehouse.agent.ExitCode;
import io.gatehouse.agent.config.AgentSettings;
import io.gatehouse.agent.config.ConfigException;
import io.gatehouse.agent.config.Setting;
import io.gatehouse.agent.config.SettingsReader;
import io.gatehouse.agent.state.DurableFiles;
import io.gatehouse.agent.state.GenerationStore;
import io.gatehouse.agent.task.Device;
import io.gatehouse.agent.task.LinkSettings;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every verb. */
final class CommonOptions {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration (default /etc/gatehouse/agent.toml, when it is there).")
    private @Nullable Path config;

    @Option(names = "--state", paramLabel = "DIR", description = "Where the identity is kept.")
    private @Nullable String state;

    /** The settings, with these and the verb's own options on top. */
    AgentSettings settings(Streams streams, Map<Setting, String> options) throws ConfigException {
        var all = new EnumMap<Setting, String>(Setting.class);
        all.putAll(options);
        if (state != null) {
            all.put(Setting.STATE, state);
        }
        return SettingsReader.read(Optional.ofNullable(config), streams.environment(), all);
    }

    static LinkSettings link(AgentSettings settings) {
        return new LinkSettings(settings.broker(), settings.keepAlive(), settings.sessionExpiry(), settings.askEvery());
    }

    static GenerationStore store(AgentSettings settings) {
        return new GenerationStore(settings.state(), new DurableFiles());
    }

    /** The enrolled device. */
    static Attempt<Device> device(AgentSettings settings, Streams streams) {
        return store(settings)
                .current()
                .map(generation ->
                        Attempt.done(new Device(generation, store(settings), link(settings), streams.clock())))
                .orElseGet(() -> Attempt.failed(
                        ExitCode.USAGE, "there is no identity in " + settings.state() + ": enroll first"));
    }
}

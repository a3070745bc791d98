package io.gatehouse.agent.cli;

import io.gatehouse.agent.config.AgentSettings;
import io.gatehouse.agent.config.Setting;
import io.gatehouse.agent.task.Run;
import io.gatehouse.agent.task.Stop;
import java.security.SecureRandom;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code run}. */
@Command(
        name = "run",
        description = {
            "Keeps the device connected, and renews its certificate in its window.",
            "Prints a line for each thing that happens."
        })
final class RunVerb extends Verb {
    @Option(
            names = "--once",
            description = "End when the first connection ends or cannot be made, with the exit code that says why.")
    private boolean once;

    @Option(names = "--broker", paramLabel = "mqtts://HOST:PORT", description = "In place of the service's.")
    private @Nullable String broker;

    RunVerb(Streams streams) {
        super(streams);
    }

    @Override
    Map<Setting, String> options() {
        return broker == null ? Map.of() : Map.of(Setting.BROKER, broker);
    }

    @Override
    int run(AgentSettings settings) {
        var stop = new Stop();
        var run = new Run(
                CommonOptions.store(settings),
                CommonOptions.link(settings),
                streams.clock(),
                new SecureRandom(),
                this::print,
                stop);
        try (var ending = Ending.of(stop)) {
            return ending.watch(() -> run.run(once)).code();
        }
    }

    private void print(String event) {
        streams.out().println(event);
        streams.out().flush();
    }
}

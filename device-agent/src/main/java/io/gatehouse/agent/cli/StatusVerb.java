package io.gatehouse.agent.cli;

import io.gatehouse.agent.Attempt;
import io.gatehouse.agent.config.AgentSettings;
import io.gatehouse.agent.state.Json;
import io.gatehouse.agent.task.Device;
import io.gatehouse.agent.task.Status;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code status}. */
@Command(
        name = "status",
        description = {
            "Who the device is, its certificate, when it renews, and what the service says of it now.",
            "Exit 0 when all is well, otherwise the code that says what is not."
        })
final class StatusVerb extends Verb {
    @Option(names = "--json", description = "As one JSON object.")
    private boolean json;

    StatusVerb(Streams streams) {
        super(streams);
    }

    @Override
    int run(AgentSettings settings) {
        var device = CommonOptions.device(settings, streams);
        if (device instanceof Attempt.Failed<Device> failed) {
            return streams.say(failed.why());
        }
        var status = Status.of(device.result().orElseThrow(), CommonOptions.store(settings));
        if (json) {
            streams.out().print(new String(Json.write(status.facts()), StandardCharsets.UTF_8));
        } else {
            status.facts().forEach((name, value) -> streams.out().println(name + ": " + value));
        }
        return status.exit().code();
    }
}

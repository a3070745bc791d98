package io.gatehouse.agent.cli;

import io.gatehouse.agent.Attempt;
import io.gatehouse.agent.ExitCode;
import io.gatehouse.agent.config.AgentSettings;
import io.gatehouse.agent.task.Device;
import picocli.CommandLine.Command;

/** {@code needs-renewal}. */
@Command(
        name = "needs-renewal",
        description = "Exit 0: renew now; exit 10: still valid. Looks at the disk and the clock only.")
final class NeedsRenewalVerb extends Verb {
    NeedsRenewalVerb(Streams streams) {
        super(streams);
    }

    @Override
    int run(AgentSettings settings) {
        var device = CommonOptions.device(settings, streams);
        if (device instanceof Attempt.Failed<Device> failed) {
            return streams.say(failed.why());
        }
        var window = device.result().orElseThrow().generation().window();
        if (streams.clock().instant().isBefore(window.from())) {
            streams.out().println("still valid; renew from " + window.from());
            return ExitCode.STILL_VALID.code();
        }
        streams.out().println("renew now, and before " + window.until());
        return ExitCode.DONE.code();
    }
}

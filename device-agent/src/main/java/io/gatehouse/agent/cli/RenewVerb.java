package io.gatehouse.agent.cli;

import io.gatehouse.agent.Attempt;
import io.gatehouse.agent.ExitCode;
import io.gatehouse.agent.config.AgentSettings;
import io.gatehouse.agent.config.Setting;
import io.gatehouse.agent.state.Generation;
import io.gatehouse.agent.state.GenerationStore;
import io.gatehouse.agent.task.Device;
import io.gatehouse.agent.task.Renew;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code renew}. */
@Command(
        name = "renew",
        description = {
            "Renews the certificate when it is due: obtains the new one, has the broker and the service see it,",
            "and only then uses it. Exit 0 also when it is not due."
        })
final class RenewVerb extends Verb {
    @Option(names = "--force", description = "Renew although it is not due.")
    private boolean force;

    @Option(names = "--rekey", description = "With a new key.")
    private boolean rekey;

    @Option(names = "--broker", paramLabel = "mqtts://HOST:PORT", description = "In place of the service's.")
    private @Nullable String broker;

    RenewVerb(Streams streams) {
        super(streams);
    }

    @Override
    Map<Setting, String> options() {
        return broker == null ? Map.of() : Map.of(Setting.BROKER, broker);
    }

    @Override
    int run(AgentSettings settings) {
        var store = CommonOptions.store(settings);
        var device = CommonOptions.device(settings, streams);
        if (device instanceof Attempt.Failed<Device> failed) {
            return streams.say(failed.why());
        }
        var generation = device.result().orElseThrow().generation();
        var begun = store.staged().filter(staged -> staged.purpose().renewal()).isPresent();
        if (!force
                && !begun
                && streams.clock().instant().isBefore(generation.window().from())) {
            streams.out().println("not due until " + generation.window().from());
            return ExitCode.DONE.code();
        }
        return renew(settings, store);
    }

    private int renew(AgentSettings settings, GenerationStore store) {
        try (var lock = store.lock().orElse(null)) {
            if (lock == null) {
                streams.err().println("gatehouse-agent: another agent is changing " + settings.state());
                return ExitCode.TRANSIENT.code();
            }

            var renewed = new Renew(store, CommonOptions.link(settings), streams.clock()).run(rekey);
            if (renewed instanceof Attempt.Failed<Generation> failed) {
                return streams.say(failed.why());
            }
            renewed.result()
                    .ifPresent(successor -> streams.out()
                            .println("renewed: certificate valid until "
                                    + successor.certificate().getNotAfter().toInstant()));
            return ExitCode.DONE.code();
        }
    }
}

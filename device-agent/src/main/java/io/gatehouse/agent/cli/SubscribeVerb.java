package io.gatehouse.agent.cli;

import io.gatehouse.agent.ExitCode;
import io.gatehouse.agent.config.AgentSettings;
import io.gatehouse.agent.config.ConfigException;
import io.gatehouse.agent.config.Setting;
import io.gatehouse.agent.service.Causes;
import io.gatehouse.agent.task.Stop;
import io.gatehouse.agent.task.Subscribe;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code subscribe}. */
@Command(
        name = "subscribe",
        description = "Prints each message that arrives as one line: topic, blank, payload. Until Ctrl-C.")
final class SubscribeVerb extends Verb {
    @Parameters(paramLabel = "FILTER", description = "The topic filter.")
    private String filter = "";

    @Option(names = "--qos", paramLabel = "0|1|2", description = "The highest QoS to receive with (default 1).")
    private int qos = 1;

    @Option(names = "--count", paramLabel = "N", description = "End after N messages.")
    private int count = Integer.MAX_VALUE;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            description = "End after this time (PT10S), with exit 3 when messages that --count asks for are missing.")
    private @Nullable String timeout;

    @Option(names = "--broker", paramLabel = "mqtts://HOST:PORT", description = "In place of the service's.")
    private @Nullable String broker;

    SubscribeVerb(Streams streams) {
        super(streams);
    }

    @Override
    Map<Setting, String> options() {
        return broker == null ? Map.of() : Map.of(Setting.BROKER, broker);
    }

    @Override
    int run(AgentSettings settings) throws ConfigException {
        if (qos < 0 || qos > 2) {
            throw new ConfigException("option --qos", "qos", Integer.toString(qos), "0, 1 or 2");
        }
        if (count < 1) {
            throw new ConfigException("option --count", "count", Integer.toString(count), "1 or more");
        }
        Topics.requireFilter(filter);
        var order = new Subscribe.Order(filter, qos, count, time());
        var stop = new Stop();
        try (var ending = Ending.of(stop)) {
            var done = ending.watch(() -> CommonOptions.device(settings, streams)
                    .then(device -> new Subscribe(device, this::print, this::granted, stop).run(order)));
            return done.failure().map(streams::say).orElse(ExitCode.DONE.code());
        }
    }

    private Optional<Duration> time() throws ConfigException {
        if (timeout == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Duration.parse(timeout)).filter(time -> !time.isNegative());
        } catch (DateTimeException e) {
            throw new ConfigException("option --timeout", "timeout", timeout, "an ISO 8601 duration such as PT10S");
        }
    }

    private void granted() {
        streams.err().println("subscribed to " + filter);
    }

    private void print(String topic, byte[] payload) {
        streams.out()
                .println(Causes.printable(topic) + " " + Causes.printable(new String(payload, StandardCharsets.UTF_8)));
        streams.out().flush();
    }
}

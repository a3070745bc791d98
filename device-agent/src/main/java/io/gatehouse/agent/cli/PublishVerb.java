package io.gatehouse.agent.cli;

import io.gatehouse.agent.Attempt;
import io.gatehouse.agent.ExitCode;
import io.gatehouse.agent.config.AgentSettings;
import io.gatehouse.agent.config.ConfigException;
import io.gatehouse.agent.config.Setting;
import io.gatehouse.agent.task.Publish;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code publish}. */
@Command(
        name = "publish",
        description = "Publishes one message, and says whether the broker took it; otherwise its word, and exit 4.")
final class PublishVerb extends Verb {
    private static final int LARGEST = 1 << 20;

    @Parameters(paramLabel = "TOPIC", description = "The topic.")
    private String topic = "";

    @Option(names = "--message", paramLabel = "TEXT", description = "The message.")
    private @Nullable String message;

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "The message's file; - (the default) for standard input. At most 1 MiB.")
    private String file = "-";

    @Option(names = "--qos", paramLabel = "0|1", description = "0: at most once, 1: at least once (default).")
    private int qos = 1;

    @Option(names = "--retain", description = "The broker keeps it as the topic's last message.")
    private boolean retain;

    @Option(names = "--broker", paramLabel = "mqtts://HOST:PORT", description = "In place of the service's.")
    private @Nullable String broker;

    PublishVerb(Streams streams) {
        super(streams);
    }

    @Override
    Map<Setting, String> options() {
        return broker == null ? Map.of() : Map.of(Setting.BROKER, broker);
    }

    @Override
    int run(AgentSettings settings) throws ConfigException, IOException {
        if (qos < 0 || qos > 1) {
            throw new ConfigException("option --qos", "qos", Integer.toString(qos), "0 or 1");
        }
        Topics.requireName(topic);
        var payload = payload();
        var published = CommonOptions.device(settings, streams)
                .then(device -> new Publish(device).run(new Publish.Message(topic, payload, qos, retain)));
        if (published instanceof Attempt.Failed<Attempt.Unit> failed) {
            return streams.say(failed.why());
        }
        streams.out().println("published " + payload.length + " bytes on " + topic);
        return ExitCode.DONE.code();
    }

    private byte[] payload() throws ConfigException, IOException {
        if (message != null) {
            return message.getBytes(StandardCharsets.UTF_8);
        }
        if (file.equals("-")) {
            return bounded(streams.in());
        }
        try (var in = Files.newInputStream(Path.of(file))) {
            return bounded(in);
        } catch (IOException e) {
            throw new ConfigException("option --file", "file", file, "a file that can be read, or -");
        }
    }

    private static byte[] bounded(InputStream in) throws ConfigException, IOException {
        var bytes = in.readNBytes(LARGEST + 1);
        if (bytes.length > LARGEST) {
            throw new ConfigException("the message is larger than 1 MiB");
        }
        return bytes;
    }
}

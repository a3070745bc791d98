package io.gatehouse.agent;

import io.gatehouse.agent.cli.AgentVerbs;
import io.gatehouse.agent.cli.Streams;
import io.gatehouse.agent.state.DurableFiles;
import io.gatehouse.agent.state.GenerationStore;
import io.gatehouse.testkit.MutableClock;
import io.gatehouse.x509.Pem;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A device, a service and a broker on one machine, and the agent's command between them. */
final class AgentRig implements AutoCloseable {
    final FakeService service = new FakeService();
    final FakeBroker broker = new FakeBroker(service.servicesCa);
    final MutableClock clock = MutableClock.at(Instant.now());
    final Path state;
    final Path ca;
    final Path claim;

    AgentRig(Path directory) throws IOException {
        service.broker = broker.address();
        service.clock = clock;
        state = directory.resolve("state");
        ca = Files.writeString(directory.resolve("trust.pem"), Pem.write(service.roots()));
        claim = Files.writeString(directory.resolve("claim"), FakeService.SECRET + "\n");
    }

    /** What a verb said and how it ended. */
    record Said(int exit, String out, String err) {}

    Said agent(String... arguments) {
        return agentWith(Map.of(), "", arguments);
    }

    Said agentWith(Map<String, String> environment, String in, String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var exit = AgentVerbs.run(arguments, streams(environment, in, out, err));
        return new Said(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    Streams streams(Map<String, String> environment, String in, ByteArrayOutputStream out, ByteArrayOutputStream err) {
        return new Streams(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
                environment,
                clock);
    }

    Said enroll(String... more) {
        var arguments = new ArrayList<>(List.of(
                "enroll",
                "--url",
                service.url(),
                "--ca",
                ca.toString(),
                "--device",
                "d-1",
                "--claim-file",
                claim.toString(),
                "--state",
                state.toString()));
        arguments.addAll(List.of(more));
        return agent(arguments.toArray(String[]::new));
    }

    Said verb(String verb, String... more) {
        var arguments = new ArrayList<>(List.of(verb, "--state", state.toString()));
        arguments.addAll(List.of(more));
        return agent(arguments.toArray(String[]::new));
    }

    GenerationStore store() {
        return new GenerationStore(state, new DurableFiles());
    }

    @Override
    public void close() {
        broker.close();
        service.close();
    }
}

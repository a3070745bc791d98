package io.gatehouse.gateway.demo;

import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.gateway.install.JavaCommands;
import io.gatehouse.x509.Pem;
import io.gatehouse.x509.der.MalformedException;
import io.gatehouse.x509.tls.ClientIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The devices of the demo: each has a directory of its own and runs the agent in processes of its own. */
final class Agents {
    private final JavaCommands java;
    private final Path directory;
    private final Home home;
    private final ServiceConfig config;
    private final List<AgentProcess> started = new ArrayList<>();

    Agents(JavaCommands java, Path directory, Home home, ServiceConfig config) {
        this.java = java;
        this.directory = directory;
        this.home = home;
        this.config = config;
    }

    /** Enrolls with the claim's secret on standard input. */
    AgentProcess enroll(String device, String secret) {
        return run(
                device,
                secret + "\n",
                "enroll",
                "--url",
                config.enrollUrl().toString(),
                "--ca",
                home.trustPem().toString(),
                "--device",
                device,
                "--claim-file",
                "-");
    }

    /** Starts a verb of an enrolled device. */
    AgentProcess start(String device, String... words) {
        return run(device, "", words);
    }

    /** The identity of a device, as a thief of its files would have it. */
    ClientIdentity identityOf(String device) {
        Path current = state(device).resolve("current");
        try {
            return new ClientIdentity(
                    Pem.privateKey(Files.readString(current.resolve("device.key"))),
                    Pem.certificates(Files.readString(current.resolve("device.pem"))));
        } catch (IOException e) {
            throw new UncheckedIOException("the agent left no identity in " + current, e);
        } catch (MalformedException e) {
            throw new StepFailed("the agent's identity in " + current + " cannot be read: " + e.getMessage());
        }
    }

    /** Ends what still runs. */
    void end() {
        started.forEach(AgentProcess::close);
    }

    private AgentProcess run(String device, String input, String... words) {
        List<String> arguments =
                new ArrayList<>(List.of(words[0], "--state", state(device).toString()));
        arguments.addAll(List.of(words).subList(1, words.length));
        try {
            Files.createDirectories(directory.resolve(device));
            Path output = Files.createTempFile(directory.resolve(device), words[0] + "-", ".out");
            AgentProcess process = AgentProcess.start(java.agent(arguments), output, input);
            started.add(process);
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write in " + directory, e);
        }
    }

    private Path state(String device) {
        return directory.resolve(device).resolve("state");
    }
}

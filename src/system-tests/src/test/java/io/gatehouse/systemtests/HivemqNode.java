package io.gatehouse.systemtests;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.FreePorts;
import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.RunningProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A HiveMQ CE that somebody else installed: its jars, its folders and its default configuration, and our extension as a zip. It becomes
 * a broker node only by what an operator types. Closing it ends it.
 */
public final class HivemqNode implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(120);

    /** As HiveMQ CE 2025.5 ships it. */
    private static final String DEFAULT = """
            <?xml version="1.0" encoding="UTF-8" ?>
            <hivemq xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="config.xsd">

                <listeners>
                    <tcp-listener>
                        <port>1883</port>
                        <bind-address>0.0.0.0</bind-address>
                    </tcp-listener>
                </listeners>

                <anonymous-usage-statistics>
                    <enabled>true</enabled>
                </anonymous-usage-statistics>

            </hivemq>
            """;

    private final Gatehouse gatehouse;
    private final String name;
    private final Path home;
    private final int port = FreePorts.take();
    private Optional<RunningProcess> running = Optional.empty();

    private HivemqNode(Gatehouse gatehouse, String name, Path home) {
        this.gatehouse = gatehouse;
        this.name = name;
        this.home = home;
    }

    /** The layout of HiveMQ's own zip, without the extension. */
    public static HivemqNode bare(Gatehouse gatehouse, String name, Path folder) throws IOException {
        HivemqNode node = new HivemqNode(gatehouse, name, folder.resolve(name));
        for (String part : List.of("conf", "data", "extensions", "log")) {
            Files.createDirectories(node.home.resolve(part));
        }
        // No statistics leave a test's machine.
        Files.writeString(node.home.resolve("conf/config.xml"), DEFAULT.replace(">true<", ">false<"));
        return node;
    }

    /** One that is enrolled, and connected to the service. */
    static HivemqNode connected(Gatehouse gatehouse, String name, Path folder) throws IOException {
        HivemqNode node = bare(gatehouse, name, folder);
        node.unzip();
        node.enroll("--host", "localhost,127.0.0.1", "--write-listener").ok();
        node.start();
        return node;
    }

    public Path home() {
        return home;
    }

    public int port() {
        return port;
    }

    public RunningProcess process() {
        return running.orElseThrow();
    }

    /** Puts our extension where HiveMQ looks for it, as the page for operators says. */
    public void unzip() {
        ProcessRun.of(
                        "unzip",
                        "-q",
                        Repository.stage()
                                .resolve("extension/gatehouse-broker-extension.zip")
                                .toString())
                .with("-d", home.resolve("extensions").toString())
                .run()
                .ok();
    }

    /** With the environment of an administrator on another machine than the service's. */
    public ProcessRun.Result enroll(String... more) {
        return Gatehouse.command("broker-node", "enroll", "--name", name, "--hivemq-home", home.toString())
                .with("--mqtt-port", Integer.toString(port))
                .with(more)
                .env("GATEHOUSE_URL", "https://localhost:" + gatehouse.adminPort())
                .env("GATEHOUSE_TOKEN", gatehouse.token())
                .env("GATEHOUSE_CA", gatehouse.trustFile().toString())
                .run();
    }

    /** Starts it without waiting for anything. */
    public void launch() {
        running = Optional.of(ProcessRun.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx384m",
                        "-Djava.net.preferIPv4Stack=true",
                        "-Dhivemq.home=" + home,
                        "-cp",
                        Repository.stage().resolve("lib/hivemq") + "/*",
                        "com.hivemq.HiveMQServer")
                .start());
    }

    public void start() {
        launch();
        awaitConnected();
    }

    void awaitConnected() {
        try {
            Await.until(
                    name + " reads the feed and admits",
                    START,
                    () -> status().path("ready").asBoolean()
                            && status().path("connected").asBoolean()
                            && listens());
        } catch (AssertionError late) {
            throw new AssertionError(process().out(), late);
        }
    }

    /** HiveMQ opens its listeners after its extensions have started. */
    private boolean listens() {
        try (Socket socket = new Socket("localhost", port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    /** As the service shows it; a missing node when it is not registered. */
    public JsonNode status() {
        for (JsonNode each :
                gatehouse.rest().get("/api/v1/brokers").expect(200).json().path("items")) {
            if (each.path("name").asText().equals(name)) {
                return each;
            }
        }
        return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
    }

    MqttPeer.Builder mqtt(String clientId) {
        return new MqttPeer.Builder(port, clientId, gatehouse.trust());
    }

    /** Changes what the operator may set. */
    void set(String element, String value) {
        Path file = home.resolve("conf/gatehouse/config.xml");
        try {
            String text = Files.readString(file);
            Files.writeString(file, text.replaceAll("<" + element + ">[^<]*<", "<" + element + ">" + value + "<"));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    public void stop() {
        process().terminate();
        process().awaitExit(Duration.ofSeconds(30));
    }

    void kill() {
        process().kill();
    }

    @Override
    public void close() {
        running.ifPresent(RunningProcess::kill);
    }
}

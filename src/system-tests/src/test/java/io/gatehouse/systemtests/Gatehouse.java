package io.gatehouse.systemtests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.PemText;
import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.RunningProcess;
import io.gatehouse.testkit.TempHome;
import io.gatehouse.testkit.TestDevice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code gatehouse up} as a user runs it: the staged launcher in a temporary home, on free ports. Driven by its command line and its
 * REST interface, never by its classes. Closing it stops it and deletes the home.
 */
public final class Gatehouse implements AutoCloseable {
    private static final Duration READY = Duration.ofSeconds(90);
    private static final Duration STOP = Duration.ofSeconds(20);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TempHome temporary;
    private final Path home;
    private final RunningProcess process;
    private final JsonNode ports;

    private Gatehouse(TempHome temporary, Path home, RunningProcess process) {
        this.temporary = temporary;
        this.home = home;
        this.process = process;
        this.ports = json(home.resolve("run/ports.json"));
    }

    /** Starts it with these further options and waits until it says that it is ready. */
    public static Gatehouse up(String... options) {
        return up(Map.of(), options);
    }

    /** As {@link #up(String...)}, with environment variables. */
    public static Gatehouse up(Map<String, String> environment, String... options) {
        TempHome temporary = TempHome.create();
        Path home = temporary.path().resolve("home");
        ProcessRun command =
                command("up", "--home", home.toString()).with(anyPorts()).with(options);
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            command = command.env(variable.getKey(), variable.getValue());
        }
        RunningProcess process = command.start();
        try {
            process.awaitOutput("Gatehouse is ready", READY);
            return new Gatehouse(temporary, home, process);
        } catch (AssertionError | RuntimeException failed) {
            process.kill();
            AssertionError told = new AssertionError(failed.getMessage() + "\n" + logsOf(home), failed);
            temporary.close();
            throw told;
        }
    }

    /** The staged command, for a run of one's own. */
    public static ProcessRun command(String... arguments) {
        List<String> words = new ArrayList<>();
        words.add(Repository.stage().resolve("bin/gatehouse").toString());
        words.addAll(List.of(arguments));
        return ProcessRun.of(words).within(Duration.ofSeconds(60));
    }

    /** The options that let every part choose a free port. */
    public static String[] anyPorts() {
        return new String[] {"--enroll-port", "0", "--admin-port", "0", "--pki-port", "0", "--mqtt-port", "0"};
    }

    /** An admin verb on this home, run to its end. */
    public ProcessRun.Result cli(String... arguments) {
        return command(arguments).env("GATEHOUSE_HOME", home.toString()).run();
    }

    public Path home() {
        return home;
    }

    /** The supervisor. */
    public RunningProcess process() {
        return process;
    }

    /** The process id of a part: {@code service} or {@code broker}. */
    public long pidOf(String part) {
        return Long.parseLong(read(home.resolve("run/" + part + ".pid")).strip());
    }

    /** Kills a part with SIGKILL. */
    public void kill(String part) {
        ProcessHandle.of(pidOf(part)).orElseThrow().destroyForcibly();
    }

    /** The port stays what it was at the first start: certificates carry it. */
    public int enrollPort() {
        return port("enroll");
    }

    public int adminPort() {
        return port("admin");
    }

    public int pkiPort() {
        return port("pki");
    }

    public int mqttPort() {
        return port("mqtt");
    }

    /** Of MQTT over WebSocket, when that was asked for. */
    public int wssPort() {
        return port("wss");
    }

    /** The address of the enrollment service. */
    public String enrollUrl() {
        return "https://localhost:" + enrollPort();
    }

    /** The file that any client trusts. */
    public Path trustFile() {
        return home.resolve("pki/trust.pem");
    }

    public List<X509Certificate> trust() {
        return PemText.readCertificates(trustFile());
    }

    /** The devices CA, which stands second in {@code devices.pem}. */
    public X509Certificate devicesCa() {
        return PemText.readCertificates(home.resolve("pki/devices.pem")).get(1);
    }

    /** The devices CA that issued this certificate, of those that are to be trusted. */
    private X509Certificate issuerOf(X509Certificate device) {
        return PemText.readCertificates(home.resolve("pki/devices.pem")).stream()
                .filter(each -> each.getSubjectX500Principal().equals(device.getIssuerX500Principal()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no CA of " + device.getIssuerX500Principal()));
    }

    /** The administrator's view, with the token of this start. */
    public Rest rest() {
        return new Rest(adminPort(), token(), trust());
    }

    /** The administrator's token of this start of the service. */
    public String token() {
        return read(home.resolve("secrets/admin-token")).strip();
    }

    /** EST without a certificate. */
    public EstClient est() {
        return new EstClient(enrollUrl(), HeldCertificate.anonymous(trust()));
    }

    /** EST with a certificate. */
    public EstClient est(HeldCertificate certificate) {
        return new EstClient(enrollUrl(), certificate.sslContext(trust()));
    }

    /** An MQTT client without a certificate so far. */
    public MqttPeer.Builder mqtt(String clientId) {
        return new MqttPeer.Builder(mqttPort(), clientId, trust());
    }

    /** Makes a fleet when there is none of that name. */
    public Gatehouse fleet(String name) {
        rest().post("/api/v1/fleets", Map.of("name", name)).expect(201);
        return this;
    }

    /** Makes a fleet of back ends that may read all telemetry and send commands to every device, and enrolls one. */
    public HeldCertificate application(String id) {
        Object policy = Map.of(
                "rules",
                List.of(
                        Map.of("subscribe", List.of("devices/+/telemetry/#")),
                        Map.of("publish", List.of("devices/+/commands/#"))));
        rest().post("/api/v1/fleets", Map.of("name", id + "-fleet", "kind", "application", "policy", policy))
                .expect(201);
        return enroll(id + "-fleet", id);
    }

    /** A device with a certificate of its own, by a claim made for it. */
    public HeldCertificate enroll(String fleet, String id) {
        return enroll(fleet, TestDevice.named(id));
    }

    /** That device with a certificate, by a claim made for it. */
    public HeldCertificate enroll(String fleet, TestDevice device) {
        EstClient.Answer answer = est().simpleEnroll(device, claim(fleet, device.id()));
        answer.expect(200);
        return device.holding(answer.certificate(), List.of(issuerOf(answer.certificate())));
    }

    /** The secret of a new claim for one device. */
    public String claim(String fleet, String id) {
        return rest().post("/api/v1/claims", Map.of("fleet", fleet, "device", id))
                .expect(201)
                .json()
                .path("secret")
                .asText();
    }

    /** What every part has logged so far. */
    public String logs() {
        return logsOf(home);
    }

    /** Asks it to stop and waits for its exit code. */
    public int stop() {
        process.terminate();
        return process.awaitExit(STOP);
    }

    @Override
    public void close() {
        try (temporary) {
            if (process.isAlive()) {
                stop();
            }
        } finally {
            process.kill();
        }
    }

    private int port(String name) {
        return ports.path(name).asInt();
    }

    private static JsonNode json(Path file) {
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static String logsOf(Path home) {
        StringBuilder all = new StringBuilder();
        for (String place : List.of("log", "broker/log")) {
            Path directory = home.resolve(place);
            if (Files.isDirectory(directory)) {
                try (var files = Files.list(directory)) {
                    files.filter(Files::isRegularFile)
                            .forEach(file ->
                                    all.append("--- ").append(file).append('\n').append(read(file)));
                } catch (IOException broken) {
                    throw new UncheckedIOException(broken);
                }
            }
        }
        return all.toString();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}

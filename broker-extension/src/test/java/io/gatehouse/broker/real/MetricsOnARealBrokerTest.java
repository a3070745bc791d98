package io.gatehouse.broker.real;

import static io.gatehouse.broker.real.RawMqtt.Connect.v5;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.FreePorts;
import io.gatehouse.testkit.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What Prometheus gets of a broker, and whom TLS alone kept out. */
class MetricsOnARealBrokerTest {
    private static final Pki PKI = new Pki();
    private static final Path DOCS = Path.of("..", "src", "docs", "operate");
    private static final Path SERVICE_METRICS = Path.of(
            "..", "enrollment", "src", "main", "java", "io", "gatehouse", "enrollment", "status", "Metrics.java");
    private static final Pattern SAMPLE = Pattern.compile("([a-z_]+)(\\{[a-z_]+=\"[^\"\\\\\\n]*\"})? (-?[0-9.]+)");
    private static final Pattern NAME = Pattern.compile("gatehouse_[a-z0-9]+_[a-z0-9_]+");

    static int port;
    static FakeService service;
    static BrokerHome home;
    static RealBroker broker;

    @BeforeAll
    static void start() throws Exception {
        port = FreePorts.take();
        service = new FakeService(PKI);
        var device = PKI.device("d-1");
        service.change(World.fleet("f", World.TELEMETRY), World.device("d-1", "f"), World.valid("d-1", device));
        home = BrokerHome.ready(PKI, service.url());
        var file = home.gatehouse().resolve("config.xml");
        Files.writeString(
                file,
                Files.readString(file)
                        .replace("</gatehouse>", "<metrics-port>" + port + "</metrics-port></gatehouse>"));
        broker = RealBroker.startReady(home);
        try (var mqtt = broker.connection(device);
                var stranger = broker.connection(PKI.device("d-2"))) {
            assertThat(mqtt.connect(v5("d-1")).code()).isZero();
            assertThat(stranger.connect(v5("d-2")).code()).isEqualTo(0x87);
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
        home.close();
        service.close();
    }

    private static HttpResponse<String> get(String path) {
        try {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Every sample, by name with labels; and each line is one that Prometheus reads. */
    private static Map<String, Double> samples() {
        var samples = new HashMap<String, Double>();
        var types = new HashMap<String, String>();
        String open = "";
        for (String line : get("/metrics").body().lines().toList()) {
            if (line.startsWith("# HELP ")) {
                open = word(line, 2);
                assertThat(types).doesNotContainKey(open);
            } else if (line.startsWith("# TYPE ")) {
                assertThat(word(line, 2)).isEqualTo(open);
                types.put(open, word(line, 3));
            } else {
                var sample = SAMPLE.matcher(line);
                assertThat(sample.matches()).as(line).isTrue();
                String name = sample.group(1);
                String type = types.get(open);
                if (type.equals("histogram")) {
                    assertThat(name).isIn(open + "_bucket", open + "_sum", open + "_count");
                } else {
                    assertThat(name).isEqualTo(open);
                    assertThat(name.endsWith("_total")).isEqualTo(type.equals("counter"));
                }
                String key = name + (sample.group(2) == null ? "" : sample.group(2));
                assertThat(samples.put(key, Double.valueOf(sample.group(3))))
                        .as(line)
                        .isNull();
            }
        }
        return samples;
    }

    private static String word(String line, int at) {
        return List.of(line.split(" ", 5)).get(at);
    }

    @Test
    void counts_who_was_admitted_and_who_was_refused() {
        var samples = samples();
        assertThat(samples.get("gatehouse_broker_ready")).isEqualTo(1);
        assertThat(samples.get("gatehouse_broker_admitted_total")).isEqualTo(1);
        assertThat(samples.get("gatehouse_broker_refused_total{reason=\"unknown-certificate\"}"))
                .isEqualTo(1);
        assertThat(samples.get("gatehouse_broker_replica_devices")).isEqualTo(1);
        assertThat(samples.get("gatehouse_broker_replica_certificates")).isEqualTo(1);
        assertThat(samples.get("gatehouse_broker_decision_seconds_count")).isEqualTo(2);
        assertThat(samples.get("gatehouse_broker_decision_seconds_bucket{le=\"+Inf\"}"))
                .isEqualTo(2);
        assertThat(samples.get("gatehouse_broker_enforcement_seconds_count")).isPositive();
        assertThat(samples.get("gatehouse_broker_certificate_not_after_seconds{certificate=\"server\"}"))
                .isPositive();
    }

    /** By reason, those that happened. */
    private static Map<String, Double> tlsRefusals() {
        var refusals = new HashMap<String, Double>();
        samples().forEach((name, value) -> {
            if (name.startsWith("gatehouse_broker_tls_refused_total{") && value > 0) {
                refusals.put(name.replaceAll(".*reason=\"|\"}", ""), value);
            }
        });
        return refusals;
    }

    @Test
    void counts_whom_tls_kept_out_and_tells_the_service_without_a_line_in_the_log() {
        var foreign = TestAuthority.root().devicesCa().device("x-1");
        // A client does not even show what the broker did not ask for, unless the names are the same.
        var imposter =
                TestAuthority.root("Devices root").intermediate("Devices CA").device("x-1");
        var expired = PKI.devicesCa.device("x-1", order -> order.expired());
        for (var mqtt : List.of(
                broker.connection(foreign),
                broker.connection(imposter),
                broker.connection(expired),
                broker.anonymous())) {
            try (mqtt) {
                assertThat(mqtt.connect(v5("x-1")).closed()).isTrue();
            }
        }
        // The broker's own look at its listener may hide one of this machine for a moment, so it tries again.
        Await.until("all of them counted", Duration.ofSeconds(20), () -> {
            try (var mqtt = broker.anonymous()) {
                mqtt.connect(v5("x-1"));
            }
            return tlsRefusals().keySet().containsAll(List.of("unknown-issuer", "expired", "no-certificate"));
        });
        assertThat(tlsRefusals()).containsEntry("unknown-issuer", 1.0).containsEntry("expired", 1.0);
        for (String reason : List.of("unknown-issuer", "expired", "no-certificate")) {
            service.awaitReport("\"reason\":\"" + reason + "\"");
        }
        assertThat(broker.log()).doesNotContain("SSL Handshake");
    }

    @Test
    void answers_nothing_but_the_metrics() throws Exception {
        assertThat(get("/").statusCode()).isEqualTo(404);
        assertThat(get("/metricsx").statusCode()).isEqualTo(404);
        try (var silent = new Socket(InetAddress.getLoopbackAddress(), port)) {
            // Nobody keeps it from answering others for long.
            assertThat(silent.isConnected()).isTrue();
            assertThat(get("/metrics").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void the_board_and_the_alerts_ask_for_metrics_that_there_are() throws Exception {
        Set<String> there = new HashSet<>();
        samples().keySet().forEach(key -> there.add(key.replaceAll("\\{.*", "")));
        String ofTheService = Files.readString(SERVICE_METRICS);
        for (String document : List.of("grafana-board.json", "alerts.yaml", "monitor-the-broker.md")) {
            var names = NAME.matcher(Files.readString(DOCS.resolve(document)));
            int found = 0;
            while (names.find()) {
                String name = names.group();
                boolean known = name.startsWith("gatehouse_broker_")
                        ? there.contains(name) || there.contains(name + "_count")
                        : ofTheService.contains('"' + name + '"');
                assertThat(known).as(document + ": " + name).isTrue();
                found++;
            }
            assertThat(found).as(document).isGreaterThan(5);
        }
    }
}

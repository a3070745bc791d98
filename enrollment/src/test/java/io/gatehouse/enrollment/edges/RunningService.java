package io.gatehouse.enrollment.edges;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatehouse.enrollment.app.Brokers;
import io.gatehouse.enrollment.app.CsrRules;
import io.gatehouse.enrollment.app.IssuingLimits;
import io.gatehouse.enrollment.app.Presence;
import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.ca.AuthorityName;
import io.gatehouse.enrollment.ca.CertificateIssuer;
import io.gatehouse.enrollment.ca.Hierarchies;
import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.enrollment.http.RawPeer;
import io.gatehouse.enrollment.store.SqliteRegistry;
import io.gatehouse.enrollment.wiring.EnrollmentService;
import io.gatehouse.enrollment.wiring.NewHome;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.testkit.FreePorts;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.PemText;
import io.gatehouse.testkit.TestAuthority;
import io.gatehouse.testkit.TestDevice;
import io.gatehouse.x509.TrustDomain;
import io.gatehouse.x509.est.EstCodec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/** A service in a temporary home, one for all test classes of a run, and what a person or a device does with it. */
public final class RunningService {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final String PASSPHRASE = "test passphrase";
    private static RunningService shared;

    final Home home;
    final ServiceConfig config;
    final EnrollmentService service;
    /** The feed identity of the registered broker b1. */
    final HeldCertificate broker;

    private final String token;
    private final HttpClient client;

    private RunningService(InstantSource clock) throws IOException {
        this.home = new Home(Files.createTempDirectory("gatehouse-edges")).create();
        this.config = config();
        this.broker = registeredBroker(NewHome.make(config, home, PASSPHRASE.toCharArray(), clock), clock);
        this.service = EnrollmentService.start(config, home, PASSPHRASE.toCharArray(), clock);
        this.token = Files.readString(home.adminToken()).strip();
        this.client = HttpClient.newBuilder().sslContext(trusting()).build();
    }

    private HeldCertificate registeredBroker(Hierarchies hierarchies, InstantSource clock) {
        try (var registry = SqliteRegistry.open(home.database(), clock)) {
            var domain = TrustDomain.of(config.trustDomain());
            var brokers = new Brokers(
                    registry,
                    new CertificateIssuer(hierarchies, config),
                    new CsrRules(domain),
                    new Presence(),
                    new IssuingLimits(clock),
                    domain,
                    config.certificateNames(),
                    clock);
            var name = BrokerName.of("b1");
            brokers.enroll(Actor.SYSTEM, name);
            var key = TestDevice.named("b1");
            var outcome = brokers.certificate(name, Brokers.Use.FEED, key.request());
            var certificate = ((Outcome.Done<X509Certificate>) outcome).value();
            return key.holding(certificate, List.of(hierarchies.certificate(AuthorityName.SERVICES)));
        }
    }

    /** The one of this run. */
    static synchronized RunningService get() {
        if (shared == null) {
            shared = started(InstantSource.system());
        }
        return shared;
    }

    /** One of its own, for a test that turns its clock or counts everything that happens in it; ends with the run. */
    static RunningService started(InstantSource clock) {
        try {
            var service = new RunningService(clock);
            Runtime.getRuntime().addShutdownHook(new Thread(service::close));
            return service;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ServiceConfig config() {
        var ports = FreePorts.take(4);
        var defaults = ServiceConfig.defaults();
        return new ServiceConfig(
                List.of("localhost", "127.0.0.1"),
                "127.0.0.1",
                "gatehouse.internal",
                ports.get(0),
                ports.get(1),
                "127.0.0.1",
                ports.get(2),
                ports.get(3),
                OptionalInt.empty(),
                defaults.maxStale(),
                defaults.serviceHeapMegabytes(),
                defaults.brokerHeapMegabytes(),
                defaults.checkpoints());
    }

    private void close() {
        service.close();
    }

    List<X509Certificate> anchors() {
        return PemText.readCertificates(home.trustPem());
    }

    SSLContext trusting() {
        return HeldCertificate.anonymous(anchors());
    }

    Path trustFile() {
        return home.trustPem();
    }

    String enrollUrl() {
        return "https://127.0.0.1:" + config.enrollPort();
    }

    String adminUrl() {
        return "https://127.0.0.1:" + config.adminPort();
    }

    String pkiUrl() {
        return "http://127.0.0.1:" + config.pkiPort();
    }

    String token() {
        return token;
    }

    /** A fleet of its own for a test. */
    String newFleet() {
        var name = "f-" + NAMES.incrementAndGet();
        expect(201, "POST", "/api/v1/fleets", Map.of("name", name));
        return name;
    }

    String newDeviceName() {
        return "d-" + NAMES.incrementAndGet();
    }

    /** The secret of a claim for that device. */
    String claim(String fleet, String device) {
        return expect(201, "POST", "/api/v1/claims", Map.of("fleet", fleet, "device", device))
                .path("secret")
                .asText();
    }

    JsonNode expect(int status, String method, String path, Object body) {
        var reply = rest(method, path, body, "application/json");
        if (reply.statusCode() != status) {
            throw new AssertionError(method + " " + path + ": " + reply.statusCode() + " " + reply.body());
        }
        return json(reply);
    }

    HttpResponse<String> rest(String method, String path, Object body, String contentType) {
        try {
            var publisher = body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(body instanceof String text ? text : JSON.writeValueAsString(body));
            var request = HttpRequest.newBuilder(URI.create(adminUrl() + path))
                    .timeout(Duration.ofSeconds(40))
                    .header("Authorization", "Bearer " + token)
                    .method(method, publisher);
            if (body != null) {
                request.header("Content-Type", contentType);
            }
            return send(request.build());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static JsonNode json(HttpResponse<String> reply) {
        try {
            return JSON.readTree(reply.body());
        } catch (IOException e) {
            throw new IllegalStateException(reply.body(), e);
        }
    }

    /** An enrolled device with its certificate. */
    HeldCertificate enrolled(String fleet, String name) {
        var device = TestDevice.named(name);
        var reply = est(trusting(), "simpleenroll", basic(name, claim(fleet, name)), device.requestBase64());
        return held(device, reply);
    }

    HeldCertificate held(TestDevice device, RawPeer.Reply reply) {
        return device.holding(certificates(reply).get(0), List.of());
    }

    static List<X509Certificate> certificates(RawPeer.Reply reply) {
        if (reply.status() != 200) {
            throw new AssertionError(reply.toString());
        }
        try {
            return EstCodec.certificates(reply.body().getBytes(StandardCharsets.US_ASCII));
        } catch (io.gatehouse.x509.der.MalformedException e) {
            throw new AssertionError(reply.toString(), e);
        }
    }

    static String basic(String user, String secret) {
        var pair = (user + ":" + secret).getBytes(StandardCharsets.UTF_8);
        return "Authorization: Basic " + Base64.getEncoder().encodeToString(pair) + "\r\n";
    }

    /** A POST of EST with more headers, each ended by CR LF. */
    RawPeer.Reply est(SSLContext context, String operation, String headers, String body) {
        return raw(
                context,
                "POST /.well-known/est/" + operation + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                        + "Content-Type: application/pkcs10\r\nContent-Length: " + body.length() + "\r\n" + headers
                        + "\r\n" + body);
    }

    RawPeer.Reply get(SSLContext context, String path) {
        return raw(context, "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    }

    RawPeer.Reply raw(SSLContext context, String request, String... protocols) {
        try (var peer = RawPeer.tls(config.enrollPort(), context, protocols)) {
            return peer.send(request).readToEnd();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A certificate that some other authority issued for this name. */
    static HeldCertificate foreign(String name) {
        return TestAuthority.root("elsewhere").devicesCa().device(name);
    }
}

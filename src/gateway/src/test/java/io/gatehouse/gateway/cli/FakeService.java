package io.gatehouse.gateway.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.TestAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** A REST service that answers what it was told to, over real TLS, and remembers what it was asked. */
final class FakeService implements AutoCloseable {
    static final String TOKEN = "the-token";
    private static final TestAuthority ROOT = TestAuthority.root("services root");

    private final HttpsServer server;
    private final Map<String, Answer> answers = new HashMap<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();

    private record Answer(Function<String, Said> said, int missing) {}

    /** A status and a body. */
    record Said(int status, String body) {}

    record Asked(String line, String token, String body) {}

    private FakeService(HttpsServer server) {
        this.server = server;
    }

    /** A service whose certificate carries the role. */
    static FakeService start() {
        return start("spiffe://" + TestAuthority.TRUST_DOMAIN + "/service/enrollment");
    }

    /** A server whose certificate carries this URI. */
    static FakeService start(String role) {
        try {
            HeldCertificate certificate = ROOT.servicesCa().server(order -> order.uri(role));
            HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(certificate.sslContext(List.of(ROOT.certificate()))));
            FakeService service = new FakeService(server);
            server.createContext("/", service::answer);
            server.start();
            return service;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    FakeService on(String line, int status, String body) {
        answers.put(line, new Answer(asked -> new Said(status, body), 0));
        return this;
    }

    /** An answer that is made of what was asked. */
    FakeService answering(String line, int status, UnaryOperator<String> body) {
        return deciding(line, asked -> new Said(status, body.apply(asked)));
    }

    /** An answer whose status, too, hangs on what was asked. */
    FakeService deciding(String line, Function<String, Said> said) {
        answers.put(line, new Answer(said, 0));
        return this;
    }

    /** An answer that promises more bytes than come before the connection ends. */
    FakeService breakingOff(String line, String body) {
        answers.put(line, new Answer(asked -> new Said(200, body), 1));
        return this;
    }

    List<Asked> asked() {
        return asked;
    }

    Map<String, String> environment(Path directory) throws IOException {
        Path trust = directory.resolve("trust.pem");
        Files.writeString(trust, io.gatehouse.x509.Pem.write(ROOT.certificate()));
        return Map.of(
                "GATEHOUSE_URL",
                "https://localhost:" + server.getAddress().getPort(),
                "GATEHOUSE_TOKEN",
                TOKEN,
                "GATEHOUSE_CA",
                trust.toString());
    }

    private void answer(HttpExchange exchange) throws IOException {
        String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        asked.add(new Asked(line, exchange.getRequestHeaders().getFirst("Authorization"), body));
        Answer answer = answers.getOrDefault(
                line, new Answer(asked -> new Said(404, "{\"title\":\"no such thing\",\"reason\":\"not-found\"}"), 0));
        Said said = answer.said.apply(body);
        byte[] bytes = said.body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(said.status, bytes.length == 0 ? -1 : bytes.length + answer.missing);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

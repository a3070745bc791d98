package io.gatehouse.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.FreePorts;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.RunningProcess;
import io.gatehouse.testkit.TestAuthority;
import io.gatehouse.testkit.Tools;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Debian's nginx and Node's https server take a device and refuse it while it is on hold and after its revocation, configured by what
 * {@code src/docs/operate/relying-parties.md} says, word for word but for addresses.
 */
@ExtendWith(SharedGatehouse.class)
class RelyingPartyTest {
    private static final String PAGE = "src/docs/operate/relying-parties.md";
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final TestAuthority authority = TestAuthority.root("servers of the relying party");
    private final String fleet = SharedGatehouse.fresh("relying");
    private final String id = SharedGatehouse.fresh("rp");
    private final int port = FreePorts.take();

    @TempDir
    Path directory;

    private Gatehouse gatehouse;
    private HeldCertificate device;
    private HeldCertificate other;

    @BeforeEach
    void write_what_a_server_needs(Gatehouse running) throws IOException {
        Tools.require("curl", "openssl");
        gatehouse = running.fleet(fleet);
        device = gatehouse.enroll(fleet, id);
        other = gatehouse.enroll(fleet, id + "-other");
        authority.server(order -> {}).writeTo(directory, "server");
        Files.copy(gatehouse.home().resolve("pki/devices.pem"), directory.resolve("devices.pem"));
        fetchCrls();
    }

    @Test
    void nginx_admits_a_device_and_refuses_it_after_its_revocation() throws Exception {
        Tools.require("nginx");
        Path prefix = Files.createDirectories(directory.resolve("nginx/logs")).getParent();
        String server = fromPage("nginx").replace("listen 8443 ssl", "listen 127.0.0.1:" + port + " ssl");
        Path config = Files.writeString(prefix.resolve("nginx.conf"), """
                daemon off;
                pid nginx.pid;
                error_log stderr;
                events {}
                http {
                    access_log off;
                    client_body_temp_path body;
                    proxy_temp_path proxy;
                    fastcgi_temp_path fastcgi;
                    uwsgi_temp_path uwsgi;
                    scgi_temp_path scgi;
                %s
                }
                """.formatted(server));
        String[] nginx = {nginx(), "-p", prefix + "/", "-c", config.toString(), "-e", "stderr"};
        try (RunningProcess running = ProcessRun.of(nginx).start()) {
            assertThat(running).isNotNull();
            judgedBy(() -> ProcessRun.of(nginx).with("-s", "reload").run().ok());
        }
    }

    @Test
    void node_admits_a_device_and_refuses_it_after_its_revocation() throws Exception {
        Tools.require("node", "kill");
        String script = fromPage("js").replace("server.listen(8443)", "server.listen(" + port + ", '127.0.0.1')");
        Path file = Files.writeString(directory.resolve("server.js"), script);
        try (RunningProcess running = ProcessRun.of("node", file.toString()).start()) {
            judgedBy(() -> ProcessRun.of("kill", "-HUP", Long.toString(running.pid()))
                    .run()
                    .ok());
        }
    }

    /** Who had been admitted asks again by the same client, which would resume its TLS session. */
    private void judgedBy(Runnable reload) {
        HttpClient client = client(device);
        HttpClient bystander = client(other);
        Await.until("the server admits the device", LIMIT, () -> admits(client, id));
        assertThat(admits(anonymous(), id)).as("without a certificate").isFalse();
        assertThat(admits(client(forged()), id)).as("a forged certificate").isFalse();

        gatehouse.rest().post("/api/v1/devices/" + id + "/suspend").expect(200);
        awaitAfterReload("on hold", reload, client, false);
        gatehouse.rest().post("/api/v1/devices/" + id + "/resume").expect(200);
        awaitAfterReload("released", reload, client, true);
        gatehouse.rest().post("/api/v1/devices/" + id + "/revoke").expect(200);
        awaitAfterReload("revoked", reload, client, false);
        Await.until("another device is still admitted", LIMIT, () -> admits(bystander, id + "-other"));
    }

    private void awaitAfterReload(String state, Runnable reload, HttpClient client, boolean admitted) {
        Await.until("the server sees the device " + state, LIMIT, () -> {
            fetchCrls();
            reload.run();
            return admits(client, id) == admitted;
        });
    }

    private boolean admits(HttpClient client, String name) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/"))
                .timeout(Duration.ofSeconds(10))
                .build();
        try {
            var reply = client.send(request, BodyHandlers.ofString());
            return reply.statusCode() == 200 && reply.body().equals("CN=" + name + "\n");
        } catch (IOException refused) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    private HttpClient client(HeldCertificate held) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(held.sslContext(List.of(authority.rootCertificate())))
                .build();
    }

    private HttpClient anonymous() {
        return HttpClient.newBuilder()
                .sslContext(HeldCertificate.anonymous(List.of(authority.rootCertificate())))
                .build();
    }

    private HeldCertificate forged() {
        return TestAuthority.root("forger").devicesCa().device(id);
    }

    /** By the page's own script. */
    private void fetchCrls() {
        String script = fromPage("sh").replace("gatehouse.example.com:8080", "localhost:" + gatehouse.pkiPort());
        ProcessRun.of("bash", "-c", script).run().ok();
    }

    /** The first block of that language on the page, with this test's directory. */
    private String fromPage(String language) {
        Matcher block = Pattern.compile("```" + language + "\\n(.*?)```", Pattern.DOTALL)
                .matcher(Repository.read(PAGE));
        if (!block.find()) {
            throw new AssertionError("no " + language + " on " + PAGE);
        }
        return block.group(1).replace("/etc/gatehouse-devices", directory.toString());
    }

    private static String nginx() {
        return Tools.find("nginx").orElseThrow().toString();
    }
}

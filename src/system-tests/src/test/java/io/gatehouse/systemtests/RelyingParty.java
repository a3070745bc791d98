package io.gatehouse.systemtests;

import io.gatehouse.testkit.FreePorts;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.RunningProcess;
import io.gatehouse.testkit.TestAuthority;
import io.gatehouse.testkit.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
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

/**
 * A server that is not ours and takes device certificates, configured by what {@code src/docs/operate/relying-parties.md} says, word
 * for word but for addresses. Its certificate is of an authority of its own.
 */
final class RelyingParty {
    private static final String PAGE = "src/docs/operate/relying-parties.md";

    private final Gatehouse gatehouse;
    private final Path directory;
    private final TestAuthority authority = TestAuthority.root("servers of the relying party");
    private final int port = FreePorts.take();

    /** @param directory for all of its files; {@code devices.pem} is in it, as it is now */
    RelyingParty(Gatehouse gatehouse, Path directory) {
        Tools.require("curl", "openssl");
        this.gatehouse = gatehouse;
        this.directory = directory;
        authority.server(order -> {}).writeTo(directory, "server");
        try {
            Files.copy(gatehouse.home().resolve("pki/devices.pem"), directory.resolve("devices.pem"));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** A server that runs until it is closed, and how it is made to read its files again. */
    record Running(RunningProcess process, Runnable reload) implements AutoCloseable {
        @Override
        public void close() {
            process.close();
        }
    }

    Running nginx() {
        Tools.require("nginx");
        try {
            Path prefix =
                    Files.createDirectories(directory.resolve("nginx/logs")).getParent();
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
            String program = Tools.find("nginx").orElseThrow().toString();
            ProcessRun nginx = ProcessRun.of(program, "-p", prefix + "/", "-c", config.toString(), "-e", "stderr");
            return new Running(
                    nginx.start(), () -> nginx.with("-s", "reload").run().ok());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    Running node() {
        Tools.require("node", "kill");
        try {
            String script = fromPage("js").replace("server.listen(8443)", "server.listen(" + port + ", '127.0.0.1')");
            Path file = Files.writeString(directory.resolve("server.js"), script);
            RunningProcess running = ProcessRun.of("node", file.toString()).start();
            return new Running(
                    running,
                    () -> ProcessRun.of("kill", "-HUP", Long.toString(running.pid()))
                            .run()
                            .ok());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** By the page's own script. */
    void fetchCrls() {
        fetchCrls("devices devices-root");
    }

    /** By the page's own script, with these names in its loop. */
    void fetchCrls(String names) {
        String script = fromPage("sh")
                .replace("gatehouse.example.com:8080", "localhost:" + gatehouse.pkiPort())
                .replace("in devices devices-root;", "in " + names + ";");
        if (!script.contains("in " + names + ";")) {
            throw new AssertionError("another loop: " + script);
        }
        ProcessRun.of("bash", "-c", script).run().ok();
    }

    /** A client that trusts the server and presents that certificate and its chain. */
    HttpClient client(HeldCertificate held) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(held.sslContext(List.of(authority.rootCertificate())))
                .build();
    }

    /** A client that trusts the server and has no certificate. */
    HttpClient anonymous() {
        return HttpClient.newBuilder()
                .sslContext(HeldCertificate.anonymous(List.of(authority.rootCertificate())))
                .build();
    }

    /** Whether the server takes that client for the device of that name. */
    boolean admits(HttpClient client, String name) {
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

    /** The first block of that language on the page, with this server's directory. */
    private String fromPage(String language) {
        Matcher block = Pattern.compile("```" + language + "\\n(.*?)```", Pattern.DOTALL)
                .matcher(Repository.read(PAGE));
        if (!block.find()) {
            throw new AssertionError("no " + language + " on " + PAGE);
        }
        return block.group(1).replace("/etc/gatehouse-devices", directory.toString());
    }
}

package io.gatehouse.systemtests;

import io.gatehouse.testkit.PemText;
import io.gatehouse.testkit.TestDevice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;

/** EST (RFC 7030) as a device speaks it, with the JDK alone. */
public final class EstClient {
    private final HttpClient client;
    private final String base;

    EstClient(String base, SSLContext context) {
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(context)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
        this.base = base;
    }

    /** Enrolls with the id of the device and the secret of its claim. */
    public Answer simpleEnroll(TestDevice device, String secret) {
        return post("/.well-known/est/simpleenroll", device.requestBase64(), device.id(), secret);
    }

    /** Enrolls a new key with the certificate of this client. */
    public Answer simpleReenroll(TestDevice device) {
        return send(request("/.well-known/est/simplereenroll")
                .header("Content-Type", "application/pkcs10")
                .POST(BodyPublishers.ofString(device.requestBase64())));
    }

    /** Any body to any path, with Basic credentials. */
    public Answer post(String path, String body, String user, String secret) {
        String credentials = Base64.getEncoder().encodeToString((user + ":" + secret).getBytes(StandardCharsets.UTF_8));
        return send(request(path)
                .header("Authorization", "Basic " + credentials)
                .header("Content-Type", "application/pkcs10")
                .POST(BodyPublishers.ofString(body)));
    }

    public Answer get(String path) {
        return send(request(path).GET());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(30));
    }

    private Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
            return new Answer(
                    response.statusCode(),
                    response.headers().firstValue("Gatehouse-Reason").orElse(""),
                    response.body());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    /**
     * An answer of the service.
     *
     * @param reason the word in {@code Gatehouse-Reason}, or empty
     */
    public record Answer(int status, String reason, String body) {
        public Answer expect(int wanted) {
            if (status != wanted) {
                throw new AssertionError(status + " instead of " + wanted + " (" + reason + ")\n" + body);
            }
            return this;
        }

        /** All certificates of a certs-only answer. */
        public List<X509Certificate> certificates() {
            return PemText.parseCertificates(Base64.getMimeDecoder().decode(body));
        }

        /** The one certificate of an enrollment. */
        public X509Certificate certificate() {
            List<X509Certificate> all = certificates();
            if (all.size() != 1) {
                throw new AssertionError(all.size() + " certificates in an answer that holds exactly the new one");
            }
            return all.get(0);
        }
    }
}

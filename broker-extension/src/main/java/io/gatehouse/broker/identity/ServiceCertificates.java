package io.gatehouse.broker.identity;

import io.gatehouse.x509.der.MalformedException;
import io.gatehouse.x509.est.EstCodec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/** Asks the enrollment service, over mutual TLS with the feed certificate: {@code POST /admission/v1/certificates}. Blocks. */
public final class ServiceCertificates implements CertificateIssue {
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final int LARGEST = 64 * 1024;

    private final List<URI> services;
    private final Supplier<SSLContext> tls;

    public ServiceCertificates(List<URI> services, Supplier<SSLContext> tls) {
        this.services = List.copyOf(services);
        this.tls = tls;
    }

    @Override
    public List<X509Certificate> issue(IdentityFiles.Use use, byte[] pkcs10) throws IOException {
        IOException last = new IOException("no service");
        for (var service : services) {
            try {
                return ask(service, use, pkcs10);
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    private List<X509Certificate> ask(URI service, IdentityFiles.Use use, byte[] pkcs10) throws IOException {
        // A client for each question: they are days apart, and the key may be another by then.
        var client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(tls.get())
                .connectTimeout(LIMIT)
                .build();
        var request = HttpRequest.newBuilder(service.resolve("/admission/v1/certificates?use=" + use.word()))
                .timeout(LIMIT)
                .header("Content-Type", "application/pkcs10")
                .header("Content-Transfer-Encoding", "base64")
                .POST(HttpRequest.BodyPublishers.ofString(EstCodec.requestBody(pkcs10)))
                .build();
        try {
            var response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (var body = response.body()) {
                if (response.statusCode() != 200) {
                    String word =
                            response.headers().firstValue("Gatehouse-Reason").orElse("no reason given");
                    throw new IOException(service + " answers " + response.statusCode() + ", " + word);
                }
                return EstCodec.certificates(body.readNBytes(LARGEST));
            }
        } catch (MalformedException e) {
            throw new IOException(service + " answers no certificates: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}

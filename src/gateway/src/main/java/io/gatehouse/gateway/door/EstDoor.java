package io.gatehouse.gateway.door;

import io.gatehouse.x509.Keys;
import io.gatehouse.x509.Pkcs10Request;
import io.gatehouse.x509.der.MalformedException;
import io.gatehouse.x509.est.EstCodec;
import io.gatehouse.x509.tls.ClientIdentity;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;

/** Enrolls a device with a claim: {@code simpleenroll} of RFC 7030, section 4.2. Thread-safe. */
public final class EstDoor {
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final int OK = 200;

    private final URI service;
    private final HttpClient http;

    /** @param trust believes the enrollment service */
    public EstDoor(URI service, SSLContext trust) {
        this.service = service;
        this.http = HttpClient.newBuilder()
                .sslContext(trust)
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(WAIT)
                .build();
    }

    /**
     * A new key with its certificate, and nothing above that.
     *
     * @throws IOException when no certificate comes back; the message has the service's word
     */
    public ClientIdentity enroll(String fleet, String device, String secret) throws IOException {
        KeyPair keys = Keys.generateP256();
        String basic = Base64.getEncoder().encodeToString((device + ":" + secret).getBytes(StandardCharsets.UTF_8));
        HttpRequest request = HttpRequest.newBuilder(service.resolve("/.well-known/est/" + fleet + "/simpleenroll"))
                .timeout(WAIT)
                .header("Authorization", "Basic " + basic)
                .header("Content-Type", "application/pkcs10")
                .header("Content-Transfer-Encoding", "base64")
                .POST(BodyPublishers.ofString(EstCodec.requestBody(Pkcs10Request.create(keys, device))))
                .build();
        HttpResponse<byte[]> response = send(request);
        if (response.statusCode() != OK) {
            throw new IOException("enrollment was answered with " + response.statusCode() + " "
                    + response.headers().firstValue("Gatehouse-Reason").orElse(""));
        }
        try {
            List<X509Certificate> certificates = EstCodec.certificates(response.body());
            return new ClientIdentity(keys.getPrivate(), certificates.subList(0, 1));
        } catch (MalformedException | IndexOutOfBoundsException e) {
            throw new IOException("enrollment was answered with something that is no certificate", e);
        }
    }

    private HttpResponse<byte[]> send(HttpRequest request) throws IOException {
        try {
            return http.send(request, BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}

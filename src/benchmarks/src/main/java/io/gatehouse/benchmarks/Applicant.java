package io.gatehouse.benchmarks;

import io.gatehouse.x509.Keys;
import io.gatehouse.x509.Pkcs10Request;
import io.gatehouse.x509.der.MalformedException;
import io.gatehouse.x509.est.EstCodec;
import io.gatehouse.x509.tls.ClientIdentity;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;

/** A device that is to be enrolled: its key, the secret of its claim, and its request, signed before anything is measured. */
record Applicant(String id, KeyPair key, String secret, String body) {
    private static final SecureRandom RANDOM = new SecureRandom();

    static Applicant named(String id) {
        KeyPair key = Keys.generateP256();
        byte[] secret = new byte[32];
        RANDOM.nextBytes(secret);
        return new Applicant(
                id,
                key,
                Base64.getUrlEncoder().withoutPadding().encodeToString(secret),
                EstCodec.requestBody(Pkcs10Request.create(key, id)));
    }

    /** The same device with a new key. */
    Applicant rekeyed() {
        return named(id);
    }

    /** The whole HTTP request of simpleenroll with the claim's secret. */
    byte[] simpleEnroll(boolean keepAlive) {
        String basic = Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(StandardCharsets.UTF_8));
        return request("simpleenroll", "Authorization: Basic " + basic + "\r\n", keepAlive);
    }

    /** The whole HTTP request of simplereenroll, where the connection's certificate says who this is. */
    byte[] simpleReenroll() {
        return request("simplereenroll", "", false);
    }

    private byte[] request(String operation, String credentials, boolean keepAlive) {
        return ("POST /.well-known/est/" + operation + " HTTP/1.1\r\nHost: localhost\r\n" + credentials
                        + (keepAlive ? "" : "Connection: close\r\n")
                        + "Content-Type: application/pkcs10\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** This device with the certificate of that answer. */
    ClientIdentity holding(String answer, X509Certificate devicesCa) {
        try {
            X509Certificate leaf = EstCodec.certificates(answer.getBytes(StandardCharsets.US_ASCII))
                    .get(0);
            return new ClientIdentity(key.getPrivate(), List.of(leaf, devicesCa));
        } catch (MalformedException e) {
            throw new BenchFailed("an answer without a certificate: " + answer, e);
        }
    }
}

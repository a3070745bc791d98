package io.gatehouse.systemtests.killed;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.PemText;
import io.gatehouse.testkit.TestDevice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLContext;

/**
 * One of many that enroll, renew and revoke devices of their own while the service dies again and again. What was not answered is asked
 * again, in the same way, until it is. For one thread, and then for whoever looks at what came of it.
 */
final class Worker {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_LIVING = 12;
    /** More of one device are refused within an hour. */
    private static final int MOST_CERTIFICATES = 20;

    /** A device, what was answered about it, and the claim that it came in by. */
    static final class Owned {
        final TestDevice device;
        final String secret;
        final List<String> answered = new ArrayList<>();
        HeldCertificate held;
        boolean renewed;
        boolean revoked;

        Owned(TestDevice device, String secret) {
            this.device = device;
            this.secret = secret;
        }
    }

    final List<Owned> all = new ArrayList<>();
    final List<String> complaints = new ArrayList<>();
    private final String name;
    private final Service service;
    private final SSLContext anonymous;
    private final Random random;
    private final List<Owned> living = new ArrayList<>();
    private int devices;
    long answers;
    long asked;

    Worker(String name, Service service, SSLContext anonymous, long seed) {
        this.name = name;
        this.service = service;
        this.anonymous = anonymous;
        this.random = new Random(seed);
    }

    /** Throws IOException only when it was told to stop in the middle. */
    void once() throws InterruptedException {
        int choice = random.nextInt(10);
        if (living.isEmpty() || (choice < 5 && living.size() < MOST_LIVING)) {
            enroll();
        } else if (choice < 8) {
            renewOrRevoke(random.nextInt(living.size()));
        } else {
            revoke(living.remove(random.nextInt(living.size())));
        }
    }

    /** A device that had all the certificates that it gets in an hour is revoked instead. */
    private void renewOrRevoke(int one) throws InterruptedException {
        if (living.get(one).answered.size() < MOST_CERTIFICATES) {
            renew(living.get(one));
        } else {
            revoke(living.remove(one));
        }
    }

    private void enroll() throws InterruptedException {
        var device = TestDevice.named(name + "-" + ++devices);
        var claim = until(
                201,
                () -> Wire.exchange(
                        service.adminPort(),
                        anonymous,
                        "POST",
                        "/api/v1/claims",
                        bearer() + "Content-Type: application/json\r\n",
                        "{\"fleet\":\"f\",\"device\":\"" + device.id() + "\"}"));
        var owned = new Owned(device, secret(claim));
        all.add(owned);
        var answer = until(200, () -> enroll(owned));
        hold(owned, device, answer);
        living.add(owned);
    }

    /** With its claim and its first key. */
    Wire.Answer enroll(Owned owned) throws IOException {
        String credentials = Base64.getEncoder()
                .encodeToString((owned.device.id() + ":" + owned.secret).getBytes(StandardCharsets.UTF_8));
        return Wire.exchange(
                service.enrollPort(),
                anonymous,
                "POST",
                "/.well-known/est/simpleenroll",
                "Authorization: Basic " + credentials + "\r\nContent-Type: application/pkcs10\r\n",
                owned.device.requestBase64());
    }

    private void renew(Owned owned) throws InterruptedException {
        var next = owned.device.rekeyed();
        var context = owned.held.sslContext(service.trust());
        var answer = until(
                200,
                () -> Wire.exchange(
                        service.enrollPort(),
                        context,
                        "POST",
                        "/.well-known/est/simplereenroll",
                        "Content-Type: application/pkcs10\r\n",
                        next.requestBase64()));
        owned.renewed = true;
        hold(owned, next, answer);
        // shown to the service: the one before it ends for good
        var shown = owned.held.sslContext(service.trust());
        until(200, () -> Wire.exchange(service.enrollPort(), shown, "GET", "/.well-known/gatehouse/device", "", ""));
    }

    private void revoke(Owned owned) throws InterruptedException {
        until(
                0,
                () -> Wire.exchange(
                        service.adminPort(),
                        anonymous,
                        "POST",
                        "/api/v1/devices/" + owned.device.id() + "/revoke",
                        bearer() + "Content-Type: application/json\r\n",
                        "{\"waitMillis\":0}"));
        owned.revoked = true;
    }

    private void hold(Owned owned, TestDevice device, Wire.Answer answer) {
        var certificate = certificate(answer);
        owned.held = device.holding(certificate, List.of(service.devicesCa()));
        owned.answered.add(owned.held.sha256());
    }

    static X509Certificate certificate(Wire.Answer answer) {
        return PemText.parseCertificates(Base64.getMimeDecoder().decode(answer.body()))
                .get(0);
    }

    private interface Request {
        Wire.Answer send() throws IOException;
    }

    /** Asks until it is answered; 0 stands for 200 and 202. A refusal that is not for the moment is a complaint. */
    private Wire.Answer until(int wanted, Request request) throws InterruptedException {
        while (true) {
            service.awaitLife();
            try {
                asked++;
                var answer = request.send();
                int status = answer.status();
                if (status == wanted || (wanted == 0 && (status == 200 || status == 202))) {
                    answers++;
                    service.answered();
                    return answer;
                }
                if (status != 503 && status != 401) {
                    complaints.add(status + " " + answer.reason() + " " + answer.body());
                    throw new InterruptedException("refused");
                }
            } catch (IOException died) {
                service.awaitLifeAfter(died);
            }
        }
    }

    private String bearer() {
        return "Authorization: Bearer " + service.token() + "\r\n";
    }

    private static String secret(Wire.Answer claim) {
        try {
            return JSON.readTree(claim.body()).path("secret").asText();
        } catch (IOException e) {
            throw new AssertionError(claim.body(), e);
        }
    }
}

package io.gatehouse.agent.service;

import io.gatehouse.agent.Attempt;
import io.gatehouse.agent.ExitCode;
import io.gatehouse.agent.Failure;
import io.gatehouse.agent.state.RenewalWindow;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.x509.der.MalformedException;
import io.gatehouse.x509.est.EstCodec;
import io.gatehouse.x509.tls.ClientIdentity;
import io.gatehouse.x509.tls.ServerRole;
import io.gatehouse.x509.tls.ServiceTrust;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;

/**
 * Speaks EST (RFC 7030) with the service, and asks it about the device. Every connection is trusted by the services root and the service's
 * role, before anything is sent. Immutable and thread-safe.
 */
public final class EnrollmentClient {
    /** How long one request may take. */
    public static final Duration DEADLINE = Duration.ofSeconds(30);

    private final ServiceAddress address;
    private final List<X509Certificate> roots;
    private final Optional<FleetName> fleet;
    private final SSLContext tls;
    private final Duration deadline;

    private EnrollmentClient(
            ServiceAddress address,
            List<X509Certificate> roots,
            Optional<FleetName> fleet,
            SSLContext tls,
            Duration deadline) {
        this.address = address;
        this.roots = List.copyOf(roots);
        this.fleet = fleet;
        this.tls = tls;
        this.deadline = deadline;
    }

    /** A client without a certificate. */
    public static EnrollmentClient anonymous(
            ServiceAddress address,
            List<X509Certificate> roots,
            Optional<FleetName> fleet,
            InstantSource clock,
            Duration deadline) {
        var trust = ServiceTrust.of(roots, ServerRole.anyEnrollmentService(), clock);
        return new EnrollmentClient(address, roots, fleet, trust.sslContext(), deadline);
    }

    /** A client that presents the device's certificate. */
    public static EnrollmentClient with(
            ClientIdentity identity,
            ServiceAddress address,
            List<X509Certificate> roots,
            InstantSource clock,
            Duration deadline) {
        var trust = ServiceTrust.of(roots, ServerRole.anyEnrollmentService(), clock);
        return new EnrollmentClient(address, roots, Optional.empty(), trust.sslContext(identity), deadline);
    }

    /** A certificate as it came, and when the service wants it renewed. */
    public record Answer(X509Certificate certificate, Optional<RenewalWindow> window) {}

    /** The authorities of both hierarchies. */
    public Attempt<CaCertificates> caCertificates() {
        return send(https -> https.get(path("cacerts")))
                .then(EnrollmentClient::certificates)
                .map(certificates -> new CaCertificates(certificates, roots));
    }

    /** The first certificate, by a claim's secret; the same request again has the same answer. */
    public Attempt<Answer> enroll(byte[] request, DeviceId device, String secret) {
        var credentials = Base64.getEncoder().encodeToString((device + ":" + secret).getBytes(StandardCharsets.UTF_8));
        return est("simpleenroll", Map.of("Authorization", "Basic " + credentials), request);
    }

    /** The next certificate, by the one that this client presents. */
    public Attempt<Answer> reenroll(byte[] request) {
        return est("simplereenroll", Map.of(), request);
    }

    /** How the device stands; asking with a good certificate proves it, and supersedes the one before it. */
    public Attempt<Standing> standing() {
        return send(https -> https.get("/.well-known/gatehouse/device"))
                .then(answer -> answer.status() == 200
                        ? Standing.read(answer.body())
                                .map(Attempt::done)
                                .orElseGet(() -> Attempt.failed(
                                        ExitCode.TRANSIENT, "the service's answer about the device is not JSON"))
                        : Attempt.failed(refusal(answer)));
    }

    private Attempt<Answer> est(String operation, Map<String, String> credentials, byte[] request) {
        var headers = new HashMap<>(credentials);
        headers.put("Content-Type", "application/pkcs10");
        headers.put("Content-Transfer-Encoding", "base64");
        return send(https -> https.post(path(operation), headers, EstCodec.encodeOneLine(request)))
                .then(answer -> certificates(answer)
                        .then(certificates -> certificates.size() == 1
                                ? Attempt.done(new Answer(certificates.get(0), window(answer)))
                                : Attempt.failed(
                                        ExitCode.TRANSIENT, "the service answered more than the certificate")));
    }

    private static Optional<RenewalWindow> window(HttpAnswer answer) {
        return answer.header("gatehouse-renew-from")
                .flatMap(
                        from -> answer.header("gatehouse-renew-until").flatMap(until -> RenewalWindow.of(from, until)));
    }

    private static Attempt<List<X509Certificate>> certificates(HttpAnswer answer) {
        if (answer.status() == 202) {
            return Attempt.failed(Failure.byService(RefusalReason.PENDING).retryAfter(answer.retryAfter()));
        }
        if (answer.status() != 200) {
            return Attempt.failed(refusal(answer));
        }
        try {
            return Attempt.done(EstCodec.certificates(answer.body()));
        } catch (MalformedException e) {
            return Attempt.failed(ExitCode.TRANSIENT, "the service's answer cannot be read: " + e.getMessage());
        }
    }

    /** What a status other than success means; the service's word decides, when there is one. */
    private static Failure refusal(HttpAnswer answer) {
        var word = answer.header("gatehouse-reason").flatMap(RefusalReason::ofWord);
        var failure = word.map(Failure::byService)
                .orElseGet(() -> Failure.of(
                        answer.status() >= 500 || answer.status() == 429 || answer.status() == 408
                                ? ExitCode.TRANSIENT
                                : ExitCode.REFUSED,
                        "the service answered " + answer.status() + " without a word that is known here"));
        return failure.retryAfter(answer.retryAfter());
    }

    private Attempt<HttpAnswer> send(Request request) {
        try {
            return Attempt.done(request.send(new HttpsExchange(address, tls, deadline)));
        } catch (SSLHandshakeException e) {
            return Attempt.failed(
                    Causes.isOfTheFuture(e) ? ExitCode.CLOCK : ExitCode.TRANSIENT,
                    address + " is not trusted, or does not trust us: " + Causes.of(e));
        } catch (IOException e) {
            return Attempt.failed(ExitCode.TRANSIENT, address + " does not answer: " + Causes.of(e));
        }
    }

    private String path(String operation) {
        return "/.well-known/est/" + fleet.map(name -> name + "/").orElse("") + operation;
    }

    @FunctionalInterface
    private interface Request {
        HttpAnswer send(HttpsExchange https) throws IOException;
    }
}

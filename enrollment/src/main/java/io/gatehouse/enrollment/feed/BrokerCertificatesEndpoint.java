package io.gatehouse.enrollment.feed;

import io.gatehouse.enrollment.app.Brokers;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.port.Issuer;
import io.gatehouse.enrollment.est.EstBodies;
import io.gatehouse.enrollment.http.Answer;
import io.gatehouse.enrollment.http.Method;
import io.gatehouse.enrollment.http.Request;
import io.gatehouse.enrollment.http.Route;
import io.gatehouse.enrollment.http.Unreadable;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.x509.est.EstCodec;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * {@code POST /admission/v1/certificates?use=server|feed}: a broker renews its own certificates. Bodies as in EST; the answer holds
 * the new certificate and then the CA that issued it, which is the chain for the broker's handshakes.
 */
public final class BrokerCertificatesEndpoint {
    private static final int MOST_BYTES = 64 * 1024;

    private final Brokers brokers;
    private final Issuer issuer;
    private final BrokerDoor door;

    public BrokerCertificatesEndpoint(Brokers brokers, Issuer issuer, BrokerDoor door) {
        this.brokers = brokers;
        this.issuer = issuer;
        this.door = door;
    }

    public List<Route> routes() {
        return List.of(Route.withBody(
                Method.POST, "/admission/v1/certificates", MOST_BYTES, door.guarding(this::certificate)));
    }

    private Answer certificate(BrokerName broker, Request request) {
        var outcome = brokers.renew(broker, use(request), EstBodies.pkcs10(request));
        if (outcome instanceof Outcome.Refused<X509Certificate> refused) {
            return door.refuse(request, refused.reason(), refused.detail());
        }
        var certificate = ((Outcome.Done<X509Certificate>) outcome).value();
        return EstBodies.answer(
                request, EstBodies.CERTS_ONLY, EstCodec.certsOnly(List.of(certificate, issuer.servicesCa())));
    }

    private static Brokers.Use use(Request request) {
        return switch (request.query("use").orElse("")) {
            case "server" -> Brokers.Use.SERVER;
            case "feed" -> Brokers.Use.FEED;
            default -> throw new Unreadable(RefusalReason.BAD_REQUEST, "use must be server or feed");
        };
    }
}

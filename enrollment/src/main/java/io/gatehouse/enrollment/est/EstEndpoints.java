package io.gatehouse.enrollment.est;

import io.gatehouse.enrollment.app.EnrollDevice;
import io.gatehouse.enrollment.app.Enrolled;
import io.gatehouse.enrollment.app.EnrollmentRequest;
import io.gatehouse.enrollment.app.Fleets;
import io.gatehouse.enrollment.app.ReenrollDevice;
import io.gatehouse.enrollment.app.domain.Fleet;
import io.gatehouse.enrollment.app.domain.KeyKind;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.port.Issuer;
import io.gatehouse.enrollment.http.Answer;
import io.gatehouse.enrollment.http.Endpoint;
import io.gatehouse.enrollment.http.Method;
import io.gatehouse.enrollment.http.PathTemplate;
import io.gatehouse.enrollment.http.Request;
import io.gatehouse.enrollment.http.Route;
import io.gatehouse.enrollment.http.Unreadable;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.x509.est.EstCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * EST (RFC 7030): {@code cacerts}, {@code csrattrs}, {@code simpleenroll}, {@code simplereenroll}, each also under a fleet's name as
 * label (section 3.2.2). What is optional and not here says so.
 */
public final class EstEndpoints {
    private static final String BASE = "/.well-known/est/";
    private static final int MOST_BYTES = 64 * 1024;

    private final EnrollDevice enroll;
    private final ReenrollDevice reenroll;
    private final Fleets fleets;
    private final Issuer issuer;
    private final DeviceAnswers answers;

    public EstEndpoints(
            EnrollDevice enroll, ReenrollDevice reenroll, Fleets fleets, Issuer issuer, DeviceAnswers answers) {
        this.enroll = enroll;
        this.reenroll = reenroll;
        this.fleets = fleets;
        this.issuer = issuer;
        this.answers = answers;
    }

    public List<Route> routes() {
        var routes = new ArrayList<Route>();
        for (var prefix : List.of(BASE, BASE + "{fleet}/")) {
            routes.add(Route.get(prefix + "cacerts", labelled(this::caCerts)));
            routes.add(Route.get(prefix + "csrattrs", labelled(this::csrAttributes)));
            routes.add(Route.withBody(Method.POST, prefix + "simpleenroll", MOST_BYTES, enrolling(enroll::enroll)));
            routes.add(
                    Route.withBody(Method.POST, prefix + "simplereenroll", MOST_BYTES, enrolling(reenroll::reenroll)));
            for (var method : Method.values()) {
                for (var operation : List.of("fullcmc", "serverkeygen")) {
                    routes.add(new Route(method, new PathTemplate(prefix + operation), MOST_BYTES, this::notOffered));
                }
            }
        }
        return routes;
    }

    private Answer caCerts(Request request) {
        return EstBodies.answer(request, EstBodies.CERTS, EstCodec.certsOnly(issuer.estCaCerts()));
    }

    private Answer csrAttributes(Request request) {
        var keys = fleet(request)
                .map(fleets::get)
                .filter(Outcome.Done.class::isInstance)
                .map(found -> ((Outcome.Done<Fleet>) found).value().rules().keys())
                .orElse(KeyKind.DEFAULT);
        return EstBodies.answer(request, EstBodies.CSR_ATTRS, CsrAttributes.der(keys));
    }

    private Answer notOffered(Request request) {
        return answers.refuse(
                request, Optional.empty(), RefusalReason.NOT_OFFERED, RefusalReason.NOT_OFFERED.sentence());
    }

    private Endpoint labelled(Endpoint endpoint) {
        return request -> {
            fleet(request);
            return endpoint.answer(request);
        };
    }

    private Endpoint enrolling(Function<EnrollmentRequest, Outcome<Enrolled>> useCase) {
        return request -> {
            var credentials = BasicCredentials.of(request.header("Authorization"));
            var device = credentials.map(EnrollmentRequest.Credentials::user);
            try {
                var outcome = useCase.apply(new EnrollmentRequest(
                        fleet(request),
                        credentials,
                        request.peer().certificates(),
                        EstBodies.pkcs10(request),
                        request.peer().host()));
                if (outcome instanceof Outcome.Refused<Enrolled> refused) {
                    return answers.refuse(request, device, refused.reason(), refused.detail());
                }
                return enrolled(request, ((Outcome.Done<Enrolled>) outcome).value());
            } catch (Unreadable e) {
                return answers.refuse(request, device, e.reason(), e.detail());
            }
        };
    }

    private static Answer enrolled(Request request, Enrolled enrolled) {
        return EstBodies.answer(request, EstBodies.CERTS_ONLY, EstCodec.certsOnlyDer(List.of(enrolled.der())))
                .with(
                        "Gatehouse-Renew-From",
                        DeviceAnswers.seconds(enrolled.window().from()))
                .with(
                        "Gatehouse-Renew-Until",
                        DeviceAnswers.seconds(enrolled.window().until()));
    }

    /** The fleet that the path names; a label that cannot be a fleet is no path of ours. */
    private static Optional<FleetName> fleet(Request request) {
        if (!request.route().path().text().contains("{fleet}")) {
            return Optional.empty();
        }
        var fleet = FleetName.parse(request.variable("fleet"));
        if (fleet.isEmpty()) {
            throw new Unreadable(RefusalReason.NOT_FOUND, "the label is no name of a fleet");
        }
        return fleet;
    }
}

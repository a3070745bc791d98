package io.gatehouse.enrollment.api;

import io.gatehouse.enrollment.app.Brokers;
import io.gatehouse.enrollment.app.EnrollNode;
import io.gatehouse.enrollment.app.FeedHub;
import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.Listing;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.port.Issuer;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.enrollment.config.Settings;
import io.gatehouse.enrollment.http.Answer;
import io.gatehouse.enrollment.http.JsonBodies;
import io.gatehouse.enrollment.http.Method;
import io.gatehouse.enrollment.http.PathTemplate;
import io.gatehouse.enrollment.http.Request;
import io.gatehouse.enrollment.http.Route;
import io.gatehouse.enrollment.status.BrokerJson;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.x509.Pem;
import io.gatehouse.x509.der.MalformedException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/brokers}: the broker nodes, one more of them, one less. */
public final class BrokersApi {
    private static final String BROKERS = "/api/v1/brokers";
    private static final int MOST_NAMES = 32;

    private final Brokers brokers;
    private final EnrollNode enrollment;
    private final FeedHub hub;
    private final Issuer issuer;
    private final ServiceConfig config;
    private final Gate gate;

    public BrokersApi(
            Brokers brokers, EnrollNode enrollment, FeedHub hub, Issuer issuer, ServiceConfig config, Gate gate) {
        this.brokers = brokers;
        this.enrollment = enrollment;
        this.hub = hub;
        this.issuer = issuer;
        this.config = config;
        this.gate = gate;
    }

    public List<Route> routes() {
        return List.of(
                Route.get(BROKERS, gate.open(this::list)),
                Route.withBody(Method.POST, BROKERS, Bodies.MOST_BYTES, gate.open(this::enroll)),
                new Route(Method.DELETE, new PathTemplate(BROKERS + "/{name}"), 0, gate.open(this::remove)));
    }

    private record Node(
            @Nullable String name,
            @Nullable List<@Nullable String> names,
            @Nullable String feedRequest,
            @Nullable String serverRequest,
            @Nullable Boolean replace) {}

    private Answer list(Actor actor, Request request) {
        Inputs.page(request);
        long revision = hub.position().revision();
        return gate.list(
                Outcome.done(new Listing<>(brokers.shown(), Optional.empty())),
                broker -> BrokerJson.of(broker, revision));
    }

    private Answer enroll(Actor actor, Request request) {
        var node = JsonBodies.read(request, Node.class);
        var order = new EnrollNode.Order(
                BrokerName.parse(Inputs.required("name", node.name()))
                        .orElseThrow(() -> Inputs.bad("name", BrokerName.RULE)),
                names(node.names()),
                pkcs10("feedRequest", node.feedRequest()),
                pkcs10("serverRequest", node.serverRequest()),
                Boolean.TRUE.equals(node.replace()));
        return gate.answer(enrollment.enroll(actor, order), enrolled -> {
            if (enrolled.replaced()) {
                hub.cut(order.name());
            }
            return JsonBodies.answer(201, shown(enrolled));
        });
    }

    private Answer remove(Actor actor, Request request) {
        var name = BrokerName.parse(request.variable("name"));
        if (name.isEmpty()) {
            return gate.refuse(RefusalReason.NOT_FOUND, "no such broker");
        }
        return gate.answer(brokers.remove(actor, name.get()), removed -> {
            hub.cut(removed);
            return Answer.empty(204);
        });
    }

    private static List<String> names(@Nullable List<@Nullable String> texts) {
        String rule = "1 to " + MOST_NAMES + " different host names or addresses of this node, without a port";
        if (texts == null || texts.isEmpty() || texts.size() > MOST_NAMES) {
            throw Inputs.bad("names", rule);
        }
        var names = texts.stream()
                .map(text ->
                        Optional.ofNullable(text).flatMap(Settings::host).orElseThrow(() -> Inputs.bad("names", rule)))
                .toList();
        if (names.stream().distinct().count() != names.size()) {
            throw Inputs.bad("names", rule);
        }
        return names;
    }

    /** The DER of a PKCS#10 request, from PEM or from plain base64. */
    private static byte[] pkcs10(String member, @Nullable String text) {
        String given = Inputs.required(member, text).strip();
        try {
            if (given.startsWith("-----BEGIN")) {
                var blocks = Pem.blocks(given);
                if (blocks.size() == 1 && blocks.get(0).label().equals(Pem.CERTIFICATE_REQUEST)) {
                    return blocks.get(0).der();
                }
            } else {
                return Base64.getDecoder().decode(given.replaceAll("\\s", ""));
            }
        } catch (MalformedException | IllegalArgumentException e) {
            // said below, as every other text that is no request
        }
        throw Inputs.bad(member, "a PKCS#10 request, as PEM or in base64");
    }

    private Map<String, Object> shown(EnrollNode.Enrolled enrolled) {
        var servicesCa = issuer.servicesCa();
        var shown = new LinkedHashMap<String, Object>();
        shown.put("name", enrolled.broker().name().value());
        shown.put("names", enrolled.broker().names());
        shown.put("feedCertificate", Pem.write(List.of(enrolled.feed(), servicesCa)));
        shown.put("serverCertificate", Pem.write(List.of(enrolled.server(), servicesCa)));
        shown.put("trust", Pem.write(issuer.servicesRoot()));
        shown.put("devicesCas", Pem.write(issuer.devicesCas()));
        shown.put("trustDomain", config.trustDomain());
        shown.put("services", List.of(config.enrollUrl().toString()));
        shown.put("maxStale", config.maxStale().toString());
        shown.put("notAfter", enrolled.feed().getNotAfter().toInstant().toString());
        return shown;
    }
}

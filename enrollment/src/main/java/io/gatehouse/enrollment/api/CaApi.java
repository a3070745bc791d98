package io.gatehouse.enrollment.api;

import io.gatehouse.enrollment.app.Rotation;
import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.DevicesCa;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.http.Answer;
import io.gatehouse.enrollment.http.JsonBodies;
import io.gatehouse.enrollment.http.Method;
import io.gatehouse.enrollment.http.Request;
import io.gatehouse.enrollment.http.Route;
import io.gatehouse.enrollment.status.CaFacts;
import io.gatehouse.identity.BrokerName;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/v1/ca}: the authorities, their CRLs, and how far a rotation of the devices CA is. A new CA is not made here: that takes a root
 * key, which never travels in a request.
 */
public final class CaApi {
    private static final String CA = "/api/v1/ca";

    private final Rotation rotation;
    private final CaFacts facts;
    private final URI pki;
    private final Gate gate;

    /** @param pki where the pki port is reached */
    public CaApi(Rotation rotation, CaFacts facts, URI pki, Gate gate) {
        this.rotation = rotation;
        this.facts = facts;
        this.pki = pki;
        this.gate = gate;
    }

    public List<Route> routes() {
        return List.of(
                Route.get(CA, gate.open((actor, request) -> JsonBodies.answer(200, shown()))),
                Route.withBody(Method.POST, CA + "/take-over", Bodies.MOST_BYTES, gate.open(this::takeOver)),
                Route.withBody(Method.POST, CA + "/{name}/retire", Bodies.MOST_BYTES, gate.open(this::retire)));
    }

    private record Without(@Nullable List<String> without) {}

    private record Retirement(@Nullable Boolean evenWithLive) {}

    private Answer takeOver(Actor actor, Request request) {
        var order = JsonBodies.read(request, Without.class);
        var without = (order.without() == null ? List.<@Nullable String>of() : order.without())
                .stream().map(CaApi::broker).collect(Collectors.toSet());
        return told(rotation.takeOver(actor, without));
    }

    private Answer retire(Actor actor, Request request) {
        var order = JsonBodies.read(request, Retirement.class);
        return told(rotation.retire(actor, request.variable("name"), Boolean.TRUE.equals(order.evenWithLive())));
    }

    private Answer told(Outcome<DevicesCa> outcome) {
        return gate.answer(outcome, 200, done -> shown());
    }

    private static BrokerName broker(@Nullable String text) {
        return BrokerName.parse(Inputs.required("without", text))
                .orElseThrow(() -> Inputs.bad("without", "names of registered brokers"));
    }

    private Map<String, Object> shown() {
        var crls = facts.crls().stream().collect(Collectors.toMap(CaFacts.Crl::name, Function.identity()));
        var states = rotation.shown().stream()
                .collect(Collectors.toMap(each -> each.ca().name(), Function.identity()));
        var shown = new LinkedHashMap<String, Object>();
        shown.put("rootKeys", facts.rootKeysHere() ? "here" : "away");
        shown.put(
                "authorities",
                facts.authorities().stream()
                        .map(each -> authority(each, states.get(each.name()), crls.get(each.name())))
                        .toList());
        shown.put("waiting", rotation.waiting().map(CaApi::waiting).orElse(null));
        return shown;
    }

    private Map<String, Object> authority(
            CaFacts.Authority authority, Rotation.@Nullable Shown standing, CaFacts.@Nullable Crl crl) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("name", authority.name());
        shown.put("sha256", authority.sha256());
        shown.put("notAfter", authority.notAfter().toString());
        if (standing != null) {
            shown.put("state", standing.ca().state().word());
            shown.put("since", standing.ca().since().toString());
            shown.put("live", standing.live());
            shown.put("brokers", standing.brokers().stream().map(CaApi::trust).toList());
        }
        if (crl != null) {
            shown.put("crl", crl(crl));
        }
        return shown;
    }

    private Map<String, Object> crl(CaFacts.Crl crl) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("url", pki + "/pki/crl/" + crl.name() + ".crl");
        shown.put("number", crl.number().toString());
        shown.put("entries", crl.entries());
        shown.put("thisUpdate", crl.thisUpdate().toString());
        shown.put("nextUpdate", crl.nextUpdate().toString());
        return shown;
    }

    private static Map<String, Object> trust(Rotation.Trust trust) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("broker", trust.broker().value());
        shown.put("trusts", trust.trusts().orElse(null));
        return shown;
    }

    private static Map<String, Object> waiting(Rotation.Waiting waiting) {
        return Map.of(
                "name",
                waiting.ca().name(),
                "brokers",
                waiting.brokers().stream().map(BrokerName::value).toList());
    }
}

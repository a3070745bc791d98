package io.gatehouse.enrollment.api;

import static io.gatehouse.enrollment.api.Inputs.bad;
import static io.gatehouse.enrollment.api.Inputs.fleetInPath;

import io.gatehouse.enrollment.app.Devices;
import io.gatehouse.enrollment.app.Fleets;
import io.gatehouse.enrollment.app.Policies;
import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.Fleet;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.http.Answer;
import io.gatehouse.enrollment.http.JsonBodies;
import io.gatehouse.enrollment.http.Method;
import io.gatehouse.enrollment.http.Request;
import io.gatehouse.enrollment.http.Route;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.identity.policy.PolicyDocument;
import io.gatehouse.identity.policy.Rule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/fleets/F/policy}, with the fleet's version as ETag, and {@code /api/v1/policy/explain}. */
public final class PoliciesApi {
    private static final String POLICY = "/api/v1/fleets/{fleet}/policy";

    private final Policies policies;
    private final Fleets fleets;
    private final Devices devices;
    private final Gate gate;

    public PoliciesApi(Policies policies, Fleets fleets, Devices devices, Gate gate) {
        this.policies = policies;
        this.fleets = fleets;
        this.devices = devices;
        this.gate = gate;
    }

    public List<Route> routes() {
        return List.of(
                Route.get(
                        POLICY,
                        gate.open(
                                (actor, request) -> gate.answer(fleets.get(fleetInPath(request)), PoliciesApi::shown))),
                Route.withBody(Method.PUT, POLICY, Bodies.MOST_BYTES, gate.open(this::put)),
                Route.withBody(Method.POST, "/api/v1/policy/explain", Bodies.MOST_BYTES, gate.open(this::explain)));
    }

    private record Question(
            @Nullable String device,
            @Nullable String publish,
            @Nullable String subscribe) {}

    private record Explained(
            boolean allowed, String fleet, @Nullable Map<String, Object> rule) {}

    private Answer put(Actor actor, Request request) {
        var object = JsonBodies.object(request, JsonBodies.JSON);
        @SuppressWarnings("unchecked") // an object's plain form is a map with names
        var document = (Map<String, Object>) JsonBodies.plain(object);
        var version = ifMatch(request);
        var outcome = policies.put(actor, fleetInPath(request), Inputs.policy("", document), version);
        boolean stale = version.isPresent()
                && outcome instanceof Outcome.Refused<Fleet> refused
                && refused.reason() == RefusalReason.CONFLICT;
        return stale
                ? gate.refuse(412, RefusalReason.CONFLICT, "the policy is no longer the one that If-Match names")
                : gate.answer(outcome, PoliciesApi::shown);
    }

    private static Optional<Long> ifMatch(Request request) {
        var header = request.header("If-Match").filter(value -> !value.equals("*"));
        return header.map(value -> {
            if (!value.matches("\"[0-9]{1,18}\"")) {
                throw bad("If-Match", "one ETag as this service gave it");
            }
            return Long.parseLong(value.substring(1, value.length() - 1));
        });
    }

    private Answer explain(Actor actor, Request request) {
        var question = JsonBodies.read(request, Question.class);
        var device = Inputs.device("device", question.device());
        if ((question.publish() == null) == (question.subscribe() == null)) {
            throw bad("publish, subscribe", "one of the two is needed");
        }
        var outcome = question.publish() != null
                ? policies.explainPublish(device, question.publish())
                : policies.explainSubscribe(device, Inputs.required("subscribe", question.subscribe()));
        return gate.answer(
                outcome.then(explanation -> devices.get(device).map(found -> explained(found, explanation.rule()))),
                200,
                shown -> shown);
    }

    private static Explained explained(Devices.Detail device, Optional<Rule> rule) {
        return new Explained(
                rule.isPresent(),
                device.device().fleet().value(),
                rule.map(PolicyDocument::write).orElse(null));
    }

    private static Answer shown(Fleet fleet) {
        return JsonBodies.answer(200, PolicyDocument.write(fleet.policy())).with("ETag", "\"" + fleet.version() + "\"");
    }
}

package io.gatehouse.enrollment.api;

import static io.gatehouse.enrollment.api.Inputs.bad;
import static io.gatehouse.enrollment.api.Inputs.fleetInPath;

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
import io.gatehouse.enrollment.http.Unreadable;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.identity.policy.PolicyDocument;
import io.gatehouse.identity.policy.PolicyException;
import io.gatehouse.identity.policy.PolicyReview;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/fleets/F/policy}, with the fleet's version as ETag, and {@code /api/v1/policy/explain}. */
public final class PoliciesApi {
    private static final String POLICY = "/api/v1/fleets/{fleet}/policy";

    private final Policies policies;
    private final Fleets fleets;
    private final Gate gate;

    public PoliciesApi(Policies policies, Fleets fleets, Gate gate) {
        this.policies = policies;
        this.fleets = fleets;
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
            @Nullable String subscribe,
            @Nullable Integer qos,
            @Nullable Boolean retain) {}

    private record Explained(
            boolean allowed,
            String fleet,
            String fleetState,
            String state,
            @Nullable Integer number,
            @Nullable Map<String, Object> rule,
            List<String> whyNot) {}

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
                : gate.answer(outcome, PoliciesApi::accepted);
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
        int qos = question.qos() == null ? 0 : question.qos();
        if (qos < 0 || qos > 2) {
            throw bad("qos", "0, 1 or 2");
        }
        if (question.publish() == null && question.retain() != null) {
            throw bad("retain", "goes with publish only");
        }
        var outcome = question.publish() != null
                ? policies.explainPublish(device, question.publish(), qos, Optional.ofNullable(question.retain()))
                : policies.explainSubscribe(device, Inputs.required("subscribe", question.subscribe()), qos);
        return gate.answer(outcome.map(PoliciesApi::explained), 200, shown -> shown);
    }

    private static Explained explained(Policies.Explained found) {
        var explanation = found.explanation();
        var rules = found.fleet().policy().rules();
        return new Explained(
                explanation.allowed(),
                found.fleet().name().value(),
                found.fleet().state().word(),
                found.device().state().word(),
                explanation.allowed() ? explanation.rule() : null,
                explanation.allowed() ? PolicyDocument.write(rules.get(explanation.rule() - 1)) : null,
                explanation.whyNot());
    }

    /** The policy as it is now, with what a person should know about it. */
    private static Answer accepted(Fleet fleet) {
        var warnings = PolicyReview.warnings(fleet.policy());
        if (warnings.isEmpty()) {
            return shown(fleet);
        }
        var members = new LinkedHashMap<String, Object>(PolicyDocument.write(fleet.policy()));
        members.put(
                "warnings",
                warnings.stream()
                        .limit(PolicyException.MOST_FINDINGS)
                        .map(warning -> new Unreadable.Place(warning.pointer(), warning.said()))
                        .toList());
        return JsonBodies.answer(200, members).with("ETag", etag(fleet));
    }

    private static Answer shown(Fleet fleet) {
        return JsonBodies.answer(200, PolicyDocument.write(fleet.policy())).with("ETag", etag(fleet));
    }

    private static String etag(Fleet fleet) {
        return "\"" + fleet.version() + "\"";
    }
}

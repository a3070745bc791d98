package io.gatehouse.enrollment.api;

import static io.gatehouse.enrollment.api.Inputs.deviceInPath;

import io.gatehouse.enrollment.app.Pending;
import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.http.JsonBodies;
import io.gatehouse.enrollment.http.Method;
import io.gatehouse.enrollment.http.Route;
import io.gatehouse.identity.DeviceId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /api/v1/pending}: the requests that wait for a person. */
public final class PendingApi {
    private static final String PENDING = "/api/v1/pending";

    private final Pending pending;
    private final Gate gate;

    public PendingApi(Pending pending, Gate gate) {
        this.pending = pending;
        this.gate = gate;
    }

    public List<Route> routes() {
        return List.of(
                Route.get(
                        PENDING,
                        gate.open(
                                (actor, request) -> gate.list(pending.list(Inputs.page(request)), PendingApi::shown))),
                act("approve", pending::approve),
                act("reject", pending::reject));
    }

    private record NoMembers() {}

    private interface Act {
        Outcome<Pending.Request> on(Actor actor, DeviceId device);
    }

    private Route act(String name, Act act) {
        return Route.withBody(
                Method.POST, PENDING + "/{device}/" + name, Bodies.MOST_BYTES, gate.open((actor, request) -> {
                    JsonBodies.read(request, NoMembers.class);
                    return gate.answer(act.on(actor, deviceInPath(request)), 200, PendingApi::shown);
                }));
    }

    private static Map<String, Object> shown(Pending.Request request) {
        var use = request.use();
        var shown = new LinkedHashMap<String, Object>();
        shown.put("id", use.device().value());
        shown.put("fleet", request.fleet().value());
        shown.put("state", use.state().word());
        shown.put("claim", use.claim());
        shown.put("publicKey", use.key().hex());
        shown.put("requestedAt", use.at().toString());
        shown.put("address", use.address());
        return shown;
    }
}

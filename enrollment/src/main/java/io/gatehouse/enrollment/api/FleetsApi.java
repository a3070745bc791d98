package io.gatehouse.enrollment.api;

import static io.gatehouse.enrollment.api.Inputs.fleetInPath;

import io.gatehouse.enrollment.app.Fleets;
import io.gatehouse.enrollment.app.Reissues;
import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.Fleet;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.http.Answer;
import io.gatehouse.enrollment.http.JsonBodies;
import io.gatehouse.enrollment.http.Method;
import io.gatehouse.enrollment.http.Request;
import io.gatehouse.enrollment.http.Route;
import io.gatehouse.identity.FleetName;
import java.util.List;

/** {@code /api/v1/fleets}. */
public final class FleetsApi {
    private static final String FLEETS = "/api/v1/fleets";
    private static final String FLEET = FLEETS + "/{fleet}";

    private final Fleets fleets;
    private final Reissues reissues;
    private final Gate gate;

    public FleetsApi(Fleets fleets, Reissues reissues, Gate gate) {
        this.fleets = fleets;
        this.reissues = reissues;
        this.gate = gate;
    }

    public List<Route> routes() {
        return List.of(
                Route.withBody(Method.POST, FLEETS, Bodies.MOST_BYTES, gate.open(this::create)),
                Route.get(
                        FLEETS,
                        gate.open((actor, request) -> gate.list(fleets.list(Inputs.page(request)), FleetJson::listed))),
                Route.get(FLEET, gate.open((actor, request) -> whole(fleetInPath(request)))),
                Route.withBody(Method.PATCH, FLEET, Bodies.MOST_BYTES, gate.open(this::patch)),
                act("suspend", fleets::suspend),
                act("resume", fleets::resume),
                Route.withBody(Method.POST, FLEET + "/reissue", Bodies.MOST_BYTES, gate.open(this::reissue)));
    }

    private record NoMembers() {}

    private Answer create(Actor actor, Request request) {
        return gate.answer(fleets.create(actor, FleetJson.create(request)), 201, FleetJson::shown);
    }

    private Answer patch(Actor actor, Request request) {
        return one(fleets.patch(actor, fleetInPath(request), FleetJson.patch(request)));
    }

    private Answer whole(FleetName name) {
        var outcome = fleets.get(name)
                .then(fleet -> reissues.progress(name).map(progress -> FleetJson.whole(fleet, progress)));
        return gate.answer(outcome, 200, shown -> shown);
    }

    private Answer reissue(Actor actor, Request request) {
        var outcome = reissues.order(actor, fleetInPath(request), FleetJson.within(request));
        return gate.answer(outcome, 200, FleetJson::order);
    }

    private interface Act {
        Outcome<Fleet> on(Actor actor, FleetName fleet);
    }

    private Route act(String name, Act act) {
        return Route.withBody(Method.POST, FLEET + "/" + name, Bodies.MOST_BYTES, gate.open((actor, request) -> {
            JsonBodies.read(request, NoMembers.class);
            return one(act.on(actor, fleetInPath(request)));
        }));
    }

    private Answer one(Outcome<Fleet> outcome) {
        return gate.answer(outcome, 200, FleetJson::shown);
    }
}

package io.gatehouse.enrollment.api;

import static io.gatehouse.enrollment.api.Inputs.bad;
import static io.gatehouse.enrollment.api.Inputs.fleetInPath;
import static io.gatehouse.enrollment.api.Inputs.optional;

import io.gatehouse.enrollment.app.Fleets;
import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.Fleet;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.http.Answer;
import io.gatehouse.enrollment.http.JsonBodies;
import io.gatehouse.enrollment.http.Method;
import io.gatehouse.enrollment.http.Request;
import io.gatehouse.enrollment.http.Route;
import io.gatehouse.identity.FleetKind;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.policy.PolicyDocument;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/fleets}. */
public final class FleetsApi {
    private static final String FLEETS = "/api/v1/fleets";
    private static final String FLEET = FLEETS + "/{fleet}";

    private final Fleets fleets;
    private final Gate gate;

    public FleetsApi(Fleets fleets, Gate gate) {
        this.fleets = fleets;
        this.gate = gate;
    }

    public List<Route> routes() {
        return List.of(
                Route.withBody(Method.POST, FLEETS, Bodies.MOST_BYTES, gate.open(this::create)),
                Route.get(
                        FLEETS,
                        gate.open((actor, request) -> gate.list(fleets.list(Inputs.page(request)), FleetsApi::shown))),
                Route.get(FLEET, gate.open((actor, request) -> one(fleets.get(fleetInPath(request))))),
                Route.withBody(Method.PATCH, FLEET, Bodies.MOST_BYTES, gate.open(this::patch)),
                act("suspend", fleets::suspend),
                act("resume", fleets::resume));
    }

    private record Certificate(@Nullable String lifetime) {}

    private record Sessions(@Nullable Integer max) {}

    private record NewFleet(
            @Nullable String name,
            @Nullable String kind,
            @Nullable Certificate certificate,
            @Nullable Sessions sessions,
            @Nullable Map<String, Object> policy) {}

    private record FleetPatch(
            @Nullable Certificate certificate,
            @Nullable Sessions sessions,
            @Nullable Map<String, Object> policy) {}

    private record NoMembers() {}

    private record Shown(
            String name,
            String kind,
            String state,
            Certificate certificate,
            Sessions sessions,
            Map<String, Object> policy,
            long version,
            String createdAt) {}

    private Answer create(Actor actor, Request request) {
        var body = JsonBodies.read(request, NewFleet.class);
        var wanted = new Fleets.NewFleet(
                Inputs.fleet("name", body.name()),
                optional(body.kind(), FleetsApi::kind).orElse(FleetKind.DEVICE),
                lifetime(body.certificate()),
                max(body.sessions()),
                Optional.ofNullable(body.policy()).map(document -> Inputs.policy("policy.", document)));
        return gate.answer(fleets.create(actor, wanted), 201, FleetsApi::shown);
    }

    private Answer patch(Actor actor, Request request) {
        var body = JsonBodies.read(request, FleetPatch.class, JsonBodies.JSON, JsonBodies.MERGE_PATCH);
        var patch = new Fleets.Patch(
                lifetime(body.certificate()),
                max(body.sessions()),
                Optional.ofNullable(body.policy()).map(document -> Inputs.policy("policy.", document)));
        return one(fleets.patch(actor, fleetInPath(request), patch));
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
        return gate.answer(outcome, 200, FleetsApi::shown);
    }

    private static FleetKind kind(String text) {
        return FleetKind.ofWord(text).orElseThrow(() -> bad("kind", "device or application"));
    }

    private static Optional<Duration> lifetime(@Nullable Certificate certificate) {
        return certificate == null
                ? Optional.empty()
                : optional(certificate.lifetime(), text -> Inputs.duration("certificate.lifetime", text));
    }

    private static Optional<Integer> max(@Nullable Sessions sessions) {
        return sessions == null ? Optional.empty() : Optional.ofNullable(sessions.max());
    }

    static Object shown(Fleet fleet) {
        return new Shown(
                fleet.name().value(),
                fleet.kind().word(),
                fleet.state().word(),
                new Certificate(iso(fleet.lifetime())),
                new Sessions(fleet.sessionsMax()),
                PolicyDocument.write(fleet.policy()),
                fleet.version(),
                fleet.createdAt().toString());
    }

    /** Whole days as days, as people write them. */
    private static String iso(Duration duration) {
        boolean wholeDays = !duration.isZero() && duration.equals(Duration.ofDays(duration.toDays()));
        return wholeDays ? "P" + duration.toDays() + "D" : duration.toString();
    }
}

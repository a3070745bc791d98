package io.gatehouse.enrollment.api;

import static io.gatehouse.enrollment.api.Inputs.bad;
import static io.gatehouse.enrollment.api.Inputs.deviceInPath;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatehouse.enrollment.app.Devices;
import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.DeviceFilter;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.http.Answer;
import io.gatehouse.enrollment.http.JsonBodies;
import io.gatehouse.enrollment.http.Method;
import io.gatehouse.enrollment.http.Request;
import io.gatehouse.enrollment.http.Route;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.DeviceState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code /api/v1/devices}: what is there, and what an administrator may do to it short of revoking. */
public final class DevicesApi {
    private static final String DEVICES = "/api/v1/devices";
    private static final String DEVICE = DEVICES + "/{device}";
    private static final Set<String> SHOWN_ONLY = Set.of("revoked", "reinstated");

    private final Devices devices;
    private final Gate gate;

    public DevicesApi(Devices devices, Gate gate) {
        this.devices = devices;
        this.gate = gate;
    }

    public List<Route> routes() {
        return List.of(
                Route.get(DEVICES, gate.open(this::list)),
                Route.get(DEVICE, gate.open((actor, request) -> one(devices.get(deviceInPath(request))))),
                Route.withBody(Method.PATCH, DEVICE, Bodies.MOST_BYTES, gate.open(this::patch)),
                act("suspend", devices::suspend),
                act("resume", devices::resume),
                act("reinstate", devices::reinstate),
                act("decommission", devices::decommission));
    }

    private record NoMembers() {}

    private Answer list(Actor actor, Request request) {
        var page = Inputs.page(request, "fleet", "state", "q", "connected");
        var filter = new DeviceFilter(
                request.query("fleet").map(text -> Inputs.fleet("fleet", text)),
                request.query("state").map(DevicesApi::state),
                request.query("q").map(DevicesApi::prefix),
                request.query("connected").map(text -> Inputs.truth("connected", text)));
        return gate.list(devices.list(filter, page), DeviceJson::device);
    }

    private static String state(String text) {
        if (!SHOWN_ONLY.contains(text) && DeviceState.ofWord(text).isEmpty()) {
            throw bad("state", "pending, active, suspended, decommissioned, rejected, revoked or reinstated");
        }
        return text;
    }

    private static String prefix(String text) {
        if (text.length() > 64) {
            throw bad("q", "at most 64 characters");
        }
        return text;
    }

    private Answer patch(Actor actor, Request request) {
        var body = JsonBodies.object(request, JsonBodies.JSON, JsonBodies.MERGE_PATCH);
        body.fieldNames().forEachRemaining(name -> {
            if (!name.equals("fleet") && !name.equals("attributes")) {
                throw bad("the body", "fleet and attributes can be changed, nothing else");
            }
        });
        var fleet = Optional.ofNullable(body.get("fleet")).map(node -> Inputs.fleet("fleet", text("fleet", node)));
        var attributes = Optional.ofNullable(body.get("attributes"))
                .map(DevicesApi::attributes)
                .orElse(Map.of());
        return one(devices.patch(actor, deviceInPath(request), new Devices.Patch(fleet, attributes)));
    }

    /** RFC 7396: null takes a member away. */
    private static Map<String, Optional<String>> attributes(JsonNode node) {
        if (!node.isObject()) {
            throw bad("attributes", "an object of names and texts");
        }
        var changes = new HashMap<String, Optional<String>>();
        node.properties()
                .forEach(entry -> changes.put(
                        entry.getKey(),
                        entry.getValue().isNull()
                                ? Optional.empty()
                                : Optional.of(text("attributes", entry.getValue()))));
        return changes;
    }

    private static String text(String member, JsonNode node) {
        if (!node.isTextual()) {
            throw bad(member, "must be a text");
        }
        return node.textValue();
    }

    private interface Act {
        Outcome<Devices.Detail> on(Actor actor, DeviceId device);
    }

    private Route act(String name, Act act) {
        return Route.withBody(Method.POST, DEVICE + "/" + name, Bodies.MOST_BYTES, gate.open((actor, request) -> {
            JsonBodies.read(request, NoMembers.class);
            return one(act.on(actor, deviceInPath(request)));
        }));
    }

    private Answer one(Outcome<Devices.Detail> outcome) {
        return gate.answer(outcome, 200, DeviceJson::detail);
    }
}

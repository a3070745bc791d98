package io.gatehouse.enrollment.api;

import static io.gatehouse.enrollment.api.Inputs.bad;

import io.gatehouse.enrollment.app.Devices;
import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.Enforcement;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.http.Answer;
import io.gatehouse.enrollment.http.JsonBodies;
import io.gatehouse.enrollment.http.Method;
import io.gatehouse.enrollment.http.Request;
import io.gatehouse.enrollment.http.Route;
import io.gatehouse.identity.RevocationReason;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code …/revoke} and {@code …/kick}: durable when it is answered, with what the brokers did about it in the meantime. */
public final class RevocationsApi {
    private static final int DEFAULT_WAIT = 2_000;
    private static final int LONGEST_WAIT = 30_000;

    private final Devices devices;
    private final Gate gate;

    public RevocationsApi(Devices devices, Gate gate) {
        this.devices = devices;
        this.gate = gate;
    }

    public List<Route> routes() {
        return List.of(
                Route.withBody(
                        Method.POST, "/api/v1/devices/{device}/revoke", Bodies.MOST_BYTES, gate.open(this::device)),
                Route.withBody(
                        Method.POST,
                        "/api/v1/certificates/{sha256}/revoke",
                        Bodies.MOST_BYTES,
                        gate.open(this::certificate)),
                Route.withBody(
                        Method.POST, "/api/v1/sessions/{session}/kick", Bodies.MOST_BYTES, gate.open(this::session)));
    }

    private record Order(@Nullable String reason, @Nullable Integer waitMillis) {}

    private record Patience(@Nullable Integer waitMillis) {}

    private record AtBroker(String broker, String state, int sessions, long millis) {}

    private record Shown(String device, int sessions, long millis, List<AtBroker> brokers) {}

    private Answer device(Actor actor, Request request) {
        var order = JsonBodies.read(request, Order.class);
        return told(devices.revoke(actor, Inputs.deviceInPath(request), reason(order), patience(order.waitMillis())));
    }

    private Answer certificate(Actor actor, Request request) {
        var order = JsonBodies.read(request, Order.class);
        var sha256 = Inputs.fingerprint("the fingerprint", request.variable("sha256"));
        return told(devices.revokeCertificate(actor, sha256, reason(order), patience(order.waitMillis())));
    }

    private Answer session(Actor actor, Request request) {
        var order = JsonBodies.read(request, Patience.class);
        return told(devices.kick(actor, request.variable("session"), patience(order.waitMillis())));
    }

    private Answer told(Outcome<Enforcement> outcome) {
        return gate.answer(outcome, done -> JsonBodies.answer(done.complete() ? 200 : 202, shown(done)));
    }

    private static Shown shown(Enforcement done) {
        return new Shown(
                done.device().value(),
                done.sessions(),
                done.millis(),
                done.brokers().stream()
                        .map(at -> new AtBroker(at.broker().value(), at.state(), at.sessions(), at.millis()))
                        .toList());
    }

    private static RevocationReason reason(Order order) {
        if (order.reason() == null) {
            return RevocationReason.UNSPECIFIED;
        }
        return Arrays.stream(RevocationReason.values())
                .filter(value -> value.camelCase().equals(order.reason()))
                .findFirst()
                .orElseThrow(() -> bad(
                        "reason",
                        Arrays.stream(RevocationReason.values())
                                .map(RevocationReason::camelCase)
                                .collect(Collectors.joining(", "))));
    }

    private static Duration patience(@Nullable Integer waitMillis) {
        int millis = waitMillis == null ? DEFAULT_WAIT : waitMillis;
        if (millis < 0 || millis > LONGEST_WAIT) {
            throw bad("waitMillis", "0 to " + LONGEST_WAIT);
        }
        return Duration.ofMillis(millis);
    }
}

package io.gatehouse.enrollment.status;

import io.gatehouse.enrollment.app.port.RegistryUnavailable;
import io.gatehouse.enrollment.http.Answer;
import io.gatehouse.enrollment.http.Endpoint;
import io.gatehouse.enrollment.http.JsonBodies;
import io.gatehouse.enrollment.http.Route;
import java.util.List;
import java.util.function.UnaryOperator;

/** {@code /healthz} and {@code /readyz} for everybody who reaches the port, {@code /metrics} and {@code /api/v1/status} for a token. */
public final class StatusEndpoints {
    private final ServiceStatus status;
    private final Metrics metrics;
    private final UnaryOperator<Endpoint> guarded;

    /** @param guarded asks for the token first */
    public StatusEndpoints(ServiceStatus status, Metrics metrics, UnaryOperator<Endpoint> guarded) {
        this.status = status;
        this.metrics = metrics;
        this.guarded = guarded;
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/healthz", request -> Answer.text(200, "ok")),
                Route.get("/readyz", request -> ready()),
                Route.get("/metrics", guarded.apply(request -> Answer.of(200, Metrics.CONTENT_TYPE, metrics.text()))),
                Route.get("/api/v1/status", guarded.apply(request -> JsonBodies.answer(200, status.tell()))));
    }

    private Answer ready() {
        try {
            return status.notReady().isEmpty() ? Answer.text(200, "ready") : unavailable("no current CRL");
        } catch (RegistryUnavailable e) {
            return unavailable("the registry does not answer");
        }
    }

    private static Answer unavailable(String why) {
        return Answer.text(503, "unavailable: " + why).with("Retry-After", "2");
    }
}

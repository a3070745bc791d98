package io.gatehouse.enrollment.api;

import io.gatehouse.enrollment.http.Answer;
import io.gatehouse.enrollment.http.Route;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** {@code /api/v1/openapi.yaml}: this API in its own words, for everybody who reaches the port. */
public final class OpenApi {
    private final byte[] yaml = yaml();

    public List<Route> routes() {
        return List.of(
                Route.get("/api/v1/openapi.yaml", request -> Answer.of(200, "application/yaml; charset=utf-8", yaml)));
    }

    private static byte[] yaml() {
        try (var in = OpenApi.class.getResourceAsStream("openapi.yaml")) {
            if (in == null) {
                throw new IllegalStateException("openapi.yaml is not in this build");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.gatehouse.gateway.up;

import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.gateway.supervise.Part;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;

/** Ready when {@code /readyz} of a service that this home's services root vouches for says so. */
final class ServiceReadiness implements Part.Readiness {
    private static final Duration WAIT = Duration.ofSeconds(2);
    private static final int OK = 200;

    private final HttpClient http;
    private final HttpRequest request;
    private final ListenReadiness port;

    ServiceReadiness(Home home, ServiceConfig config, InstantSource clock) {
        http = HttpClient.newBuilder()
                .sslContext(Trusts.ofService(home, config, clock).sslContext())
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(WAIT)
                .build();
        request = HttpRequest.newBuilder(config.localAdminUrl().resolve("/readyz"))
                .timeout(WAIT)
                .build();
        port = new ListenReadiness(config.localAdminAddress(), config.adminPort());
    }

    @Override
    public boolean isReady() {
        if (!port.isReady()) {
            return false;
        }
        try {
            return http.send(request, BodyHandlers.discarding()).statusCode() == OK;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}

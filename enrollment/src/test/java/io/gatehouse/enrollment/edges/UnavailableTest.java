package io.gatehouse.enrollment.edges;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.http.RawPeer;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.TestDevice;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What cannot be stored now is 503 and when to come again, at every port; then the very same request is done, without a restart. */
class UnavailableTest {
    private static final RunningService SERVICE = RunningService.started(InstantSource.system());

    private String fleet;
    private TestDevice fresh;
    private String credentials;
    private TestDevice enrolled;
    private HeldCertificate certificate;
    private String doomed;

    @BeforeEach
    void prepare() {
        fleet = SERVICE.newFleet();
        fresh = TestDevice.named(SERVICE.newDeviceName());
        credentials = RunningService.basic(fresh.id(), SERVICE.claim(fleet, fresh.id()));
        enrolled = TestDevice.named(SERVICE.newDeviceName());
        var secret = RunningService.basic(enrolled.id(), SERVICE.claim(fleet, enrolled.id()));
        certificate = SERVICE.held(
                enrolled, SERVICE.est(SERVICE.trusting(), "simpleenroll", secret, enrolled.requestBase64()));
        doomed = SERVICE.newDeviceName();
        SERVICE.enrolled(fleet, doomed);
    }

    @Test
    void while_another_program_holds_the_database() throws SQLException {
        try (var other = DriverManager.getConnection("jdbc:sqlite:" + SERVICE.home.database());
                var statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            everythingIsRefused();
            statement.execute("ROLLBACK");
        }
        everythingIsDone();
    }

    @Test
    void while_the_database_is_somewhere_else() throws IOException {
        var elsewhere = SERVICE.home.root().resolve("elsewhere.db");
        Files.move(SERVICE.home.database(), elsewhere);
        try {
            everythingIsRefused();
            assertUnavailable(get("/readyz"));
            assertUnavailable(SERVICE.rest("GET", "/api/v1/devices/" + enrolled.id(), null, ""));
            assertThat(get("/healthz").statusCode()).isEqualTo(200);
        } finally {
            Files.move(elsewhere, SERVICE.home.database());
        }
        everythingIsDone();
        assertThat(get("/readyz").statusCode()).isEqualTo(200);
    }

    private void everythingIsRefused() {
        assertUnavailable(enroll());
        assertUnavailable(reenroll());
        assertUnavailable(revoke());
        assertUnavailable(newClaim());
    }

    private void everythingIsDone() {
        assertThat(used()).as("the claim after its refused use").isZero();
        RunningService.certificates(enroll());
        assertThat(used()).isEqualTo(1);
        RunningService.certificates(reenroll());
        assertThat(revoke().statusCode()).isEqualTo(200);
        assertThat(newClaim().statusCode()).isEqualTo(201);
    }

    private RawPeer.Reply enroll() {
        return SERVICE.est(SERVICE.trusting(), "simpleenroll", credentials, fresh.requestBase64());
    }

    private RawPeer.Reply reenroll() {
        return SERVICE.est(certificate.sslContext(SERVICE.anchors()), "simplereenroll", "", enrolled.requestBase64());
    }

    private HttpResponse<String> revoke() {
        return SERVICE.rest("POST", "/api/v1/devices/" + doomed + "/revoke", "{\"waitMillis\":0}", "application/json");
    }

    private HttpResponse<String> newClaim() {
        return SERVICE.rest(
                "POST", "/api/v1/claims", Map.of("fleet", fleet, "device", "next-" + fresh.id()), "application/json");
    }

    private static HttpResponse<String> get(String path) {
        return SERVICE.send(
                HttpRequest.newBuilder(URI.create(SERVICE.adminUrl() + path)).build());
    }

    private int used() {
        for (var claim : SERVICE.expect(200, "GET", "/api/v1/claims?fleet=" + fleet, null)
                .path("items")) {
            if (claim.path("device").asText().equals(fresh.id())) {
                return claim.path("used").asInt();
            }
        }
        throw new AssertionError("the claim of " + fresh.id() + " is not listed");
    }

    private static void assertUnavailable(RawPeer.Reply reply) {
        assertThat(reply.status()).as(reply.toString()).isEqualTo(503);
        assertThat(reply.head()).contains("Gatehouse-Reason: unavailable", "Retry-After: 2");
        assertThat(reply.body()).startsWith("unavailable: ");
    }

    private static void assertUnavailable(HttpResponse<String> reply) {
        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(503);
        assertThat(reply.headers().firstValue("Retry-After")).contains("2");
        assertThat(reply.body()).contains("unavailable");
    }
}

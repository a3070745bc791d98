package io.gatehouse.enrollment.edges;

import static io.gatehouse.enrollment.edges.RunningService.basic;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.MutableClock;
import io.gatehouse.testkit.TestAuthority;
import io.gatehouse.testkit.TestDevice;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Client certificates that are not, or not now, what they should be. TLS takes them all, since it proves possession only; each
 * request is then refused with its own word, never taken for one without a certificate, and leaves nothing behind.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileCertificatesTest {
    private static final List<String> OPERATIONS = List.of("simpleenroll", "simplereenroll");

    private final MutableClock clock = MutableClock.at(Instant.now());
    private final RunningService service = RunningService.started(clock);
    private final String fleet = service.newFleet();

    @AfterEach
    void set_the_clock_right() {
        clock.set(Instant.now());
    }

    @Test
    void an_expired_one() {
        var id = service.newDeviceName();
        var held = service.enrolled(fleet, id);
        clock.advance(Duration.ofDays(91));
        refused(held, id, 403, "expired", 1);
    }

    @Test
    void one_that_is_not_valid_yet() {
        var id = service.newDeviceName();
        var held = service.enrolled(fleet, id);
        clock.advance(Duration.ofMinutes(-10));
        refused(held, id, 403, "not-yet-valid", 1);
    }

    @Test
    void a_revoked_one() {
        var id = service.newDeviceName();
        var held = service.enrolled(fleet, id);
        service.expect(200, "POST", "/api/v1/devices/" + id + "/revoke", Map.of("waitMillis", 0));
        refused(held, id, 403, "revoked", 1);
    }

    @Test
    void one_of_a_suspended_device() {
        var id = service.newDeviceName();
        var held = service.enrolled(fleet, id);
        service.expect(200, "POST", "/api/v1/devices/" + id + "/suspend", null);
        refused(held, id, 403, "suspended", 1);
    }

    @Test
    void one_of_a_decommissioned_device() {
        var id = service.newDeviceName();
        var held = service.enrolled(fleet, id);
        service.expect(200, "POST", "/api/v1/devices/" + id + "/decommission", null);
        refused(held, id, 403, "decommissioned", 1);
    }

    @Test
    void one_of_another_authority_with_our_names() {
        var id = service.newDeviceName();
        service.enrolled(fleet, id);
        refused(RunningService.foreign(id), id, 403, "unknown-issuer", 1);
        refused(TestAuthority.root("Gatehouse devices root").devicesCa().device(id), id, 403, "unknown-issuer", 1);
        refused(
                TestAuthority.root("elsewhere").devicesCa().device(id, order -> order.expired()),
                id,
                403,
                "unknown-issuer",
                1);
    }

    @Test
    void one_of_our_own_services_hierarchy() {
        var id = service.newDeviceName();
        service.enrolled(fleet, id);
        refused(service.broker, id, 403, "unknown-issuer", 1);
    }

    /** Credentials do not heal a bad certificate: who shows one is refused for it, however good the secret. */
    private void refused(HeldCertificate held, String id, int status, String word, int certificates) {
        var context = held.sslContext(service.anchors());
        var claim = service.rest("POST", "/api/v1/claims", Map.of("fleet", fleet, "device", id), "application/json");
        // Of a decommissioned device there is no good secret any more.
        assertThat(claim.statusCode()).isEqualTo(word.equals("decommissioned") ? 409 : 201);
        var secret = RunningService.json(claim).path("secret").asText("wrong as well");
        long before = auditEntries();
        var body = TestDevice.named(id).requestBase64();
        for (var operation : OPERATIONS) {
            for (var headers : List.of("", basic(id, secret), basic(id, "wrong"))) {
                var reply = service.est(context, operation, headers, body);
                boolean wrong = headers.equals(basic(id, "wrong")) || claim.statusCode() != 201 && !headers.isEmpty();
                boolean secretFirst = operation.equals("simpleenroll") && wrong;
                assertThat(reply.status()).as(reply.toString()).isEqualTo(secretFirst ? 401 : status);
                assertThat(reply.header("Gatehouse-Reason")).isEqualTo(secretFirst ? "wrong-secret" : word);
                assertThat(reply.body()).startsWith(secretFirst ? "" : word);
            }
        }
        assertThat(auditEntries()).isEqualTo(before);
        assertThat(service.expect(200, "GET", "/api/v1/devices/" + id, null).path("certificates"))
                .hasSize(certificates);
        if (claim.statusCode() == 201) {
            var name = RunningService.json(claim).path("id").asText();
            assertThat(service.expect(200, "GET", "/api/v1/claims?device=" + id, null)
                            .path("items"))
                    .filteredOn(item -> item.path("id").asText().equals(name))
                    .singleElement()
                    .satisfies(item -> assertThat(item.path("state").asText()).isEqualTo("open"));
        }
    }

    private long auditEntries() {
        return service.expect(200, "POST", "/api/v1/audit/verify", null)
                .path("entries")
                .asLong();
    }
}

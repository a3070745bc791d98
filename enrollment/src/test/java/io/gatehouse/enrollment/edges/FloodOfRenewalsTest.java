package io.gatehouse.enrollment.edges;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.app.IssuingLimits;
import io.gatehouse.enrollment.http.RawPeer;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.TestDevice;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** A stolen key asks and asks: what the wire answers, and what an administrator sees of it. */
class FloodOfRenewalsTest {
    private final RunningService service = RunningService.started(InstantSource.system());

    @Test
    void is_answered_429_with_the_time_to_wait_and_is_seen_in_the_status_and_among_the_refusals() {
        String id = service.newDeviceName();
        HeldCertificate held = service.enrolled(service.newFleet(), id);
        for (int i = 1; i < IssuingLimits.OF_A_DEVICE; i++) {
            assertThat(renew(held, id).status()).isEqualTo(200);
        }
        assertThat(warnings()).doesNotContain(id);

        var refused = renew(held, id);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header("Gatehouse-Reason")).isEqualTo("too-many-requests");
        assertThat(refused.header("Retry-After")).matches("[0-9]+");
        assertThat(warnings()).contains("device " + id + " asks for more new certificates");
        assertThat(service.expect(200, "GET", "/api/v1/refusals", null).toString())
                .contains("too-many-requests", held.sha256());
    }

    private RawPeer.Reply renew(HeldCertificate held, String id) {
        return service.est(
                held.sslContext(service.anchors()),
                "simplereenroll",
                "",
                TestDevice.named(id).rekeyed().requestBase64());
    }

    private String warnings() {
        return service.expect(200, "GET", "/api/v1/status", null)
                .path("warnings")
                .toString();
    }
}

package io.gatehouse.broker.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.policy.CompiledPolicy;
import io.gatehouse.identity.policy.PolicySubject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CloneWatchTest {
    private static final Fingerprint CERTIFICATE = Fingerprint.sha256("c".getBytes(StandardCharsets.UTF_8));
    private static final Fingerprint OTHER = Fingerprint.sha256("o".getBytes(StandardCharsets.UTF_8));
    private final CloneWatch watch = new CloneWatch();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    /** How many alarms a session gives that is taken over from these places, one after the other. */
    private long alarms(Fingerprint certificate, Duration pause, String... places) {
        long alarms = 0;
        for (String place : places) {
            now = now.plus(pause);
            alarms += watch.takenOver(session(certificate, place), now).stream().count();
        }
        return alarms;
    }

    @SuppressWarnings("NullAway") // nobody asks it for the broker's side
    private LiveSession session(Fingerprint certificate, String place) {
        var subject = new PolicySubject(DeviceId.of("d-1"), FleetName.of("f"), Map.of());
        return new LiveSession(
                "s",
                "d-1",
                certificate,
                now,
                new Grant(subject, CompiledPolicy.NONE),
                new LiveSession.Origin(place, "tls", "TLSv1.3", now),
                new LiveSession.Handle(null, () -> {}));
    }

    @Test
    void tells_both_places_of_a_certificate_that_goes_to_and_fro() {
        var pause = Duration.ofSeconds(20);
        assertThat(alarms(CERTIFICATE, pause, "192.0.2.1", "198.51.100.1", "192.0.2.1"))
                .isZero();
        assertThat(watch.takenOver(session(CERTIFICATE, "198.51.100.1"), now)).hasValueSatisfying(alarm -> {
            assertThat(alarm.one()).isEqualTo("198.51.100.1");
            assertThat(alarm.other()).isEqualTo("192.0.2.1");
            assertThat(alarm.device()).isEqualTo(DeviceId.of("d-1"));
        });
    }

    @Test
    void tells_it_once_however_often_it_goes_on() {
        var places = new String[100];
        for (int i = 0; i < places.length; i++) {
            places[i] = i % 2 == 0 ? "a" : "b";
        }
        assertThat(alarms(CERTIFICATE, Duration.ofSeconds(1), places)).isEqualTo(1);
    }

    @Test
    void says_nothing_of_a_device_that_moves_wanders_or_loses_its_connection() {
        var pause = Duration.ofSeconds(20);
        assertThat(alarms(CERTIFICATE, pause, "a", "a", "a", "a", "a", "b", "b", "b"))
                .isZero();
        assertThat(alarms(CERTIFICATE, pause, "c", "d", "e", "f", "g", "h")).isZero();
    }

    @Test
    void says_nothing_of_slow_turns_and_of_two_certificates() {
        assertThat(alarms(CERTIFICATE, Duration.ofMinutes(6), "a", "b", "a", "b", "a", "b"))
                .isZero();
        for (int i = 0; i < 4; i++) {
            assertThat(alarms(CERTIFICATE, Duration.ofSeconds(1), "a")).isZero();
            assertThat(alarms(OTHER, Duration.ofSeconds(1), "b")).isZero();
        }
    }
}

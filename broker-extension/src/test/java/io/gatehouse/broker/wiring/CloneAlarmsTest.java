package io.gatehouse.broker.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.broker.sessions.CloneWatch;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class CloneAlarmsTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-02-03T04:05:06Z"));
    private final CloneAlarms alarms = new CloneAlarms(now::get);

    private void raise(int device) {
        alarms.raise(new CloneWatch.Alarm(
                DeviceId.of("d-" + device),
                "d-" + device,
                Fingerprint.of(String.format("%064x", device)),
                "192.0.2.1",
                "192.0.2.2"));
    }

    @Test
    void names_the_device_and_both_places_for_a_day() {
        raise(1);
        assertThat(alarms.sentences())
                .singleElement()
                .asString()
                .contains("d-1", "192.0.2.1 and 192.0.2.2", "2026-02-03T04:05:06Z");
        now.updateAndGet(was -> was.plus(CloneAlarms.SHOWN).plusSeconds(1));
        assertThat(alarms.sentences()).isEmpty();
    }

    @Test
    void tells_of_each_certificate_once_and_of_the_latest_only() {
        for (int i = 0; i < 2 * CloneAlarms.MOST; i++) {
            raise(i);
            raise(i);
        }
        assertThat(alarms.sentences())
                .hasSize(CloneAlarms.MOST)
                .last()
                .asString()
                .contains("of device d-19 ");
    }
}

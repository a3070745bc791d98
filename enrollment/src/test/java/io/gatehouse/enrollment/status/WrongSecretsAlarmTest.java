package io.gatehouse.enrollment.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.app.House;
import io.gatehouse.enrollment.app.Throttle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody tries secrets: an operator sees it in the status and in the metrics. */
class WrongSecretsAlarmTest {
    @TempDir
    Path temp;

    @Test
    void throttled_secrets_are_a_warning_and_a_metric_for_some_time_and_never_a_problem() {
        try (var house = new House(temp.resolve("gatehouse.db"))) {
            var throttle = new Throttle(house.clock, alarm -> {});
            var metrics = new Metrics(house.sessions, throttle, new NoCa(), house.clock);
            for (int i = 0; i < Throttle.PER_MINUTE + 3; i++) {
                throttle.wrong("192.0.2.7");
            }
            assertThat(status(house, throttle).tell().get("warnings").toString())
                    .contains("192.0.2.7");
            assertThat(status(house, throttle).tell()).containsEntry("healthy", true);
            assertThat(text(metrics))
                    .contains("gatehouse_wrong_secrets_total{throttled=\"false\"} 20.0")
                    .contains("gatehouse_wrong_secrets_total{throttled=\"true\"} 3.0")
                    .contains("gatehouse_wrong_secrets_alarm 1.0");

            house.clock.advance(Throttle.ALARM_LASTS.plus(Duration.ofSeconds(1)));
            assertThat(status(house, throttle).tell()).containsEntry("warnings", List.of());
            assertThat(text(metrics)).contains("gatehouse_wrong_secrets_alarm 0.0");
        }
    }

    private static ServiceStatus status(House house, Throttle throttle) {
        return new ServiceStatus(
                "test",
                house.clock.instant(),
                house.hub,
                house.brokers,
                house.sessions,
                throttle,
                new NoCa(),
                house.clock);
    }

    private static String text(Metrics metrics) {
        return new String(metrics.text(), StandardCharsets.UTF_8);
    }

    /** Authorities about which there is nothing to say. */
    private record NoCa() implements CaFacts {
        @Override
        public List<Authority> authorities() {
            return List.of();
        }

        @Override
        public List<Crl> crls() {
            return List.of();
        }

        @Override
        public boolean rootKeysHere() {
            return false;
        }

        @Override
        public String provider() {
            return "none";
        }

        @Override
        public Instant serverCertificateUntil() {
            return Instant.MAX;
        }
    }
}

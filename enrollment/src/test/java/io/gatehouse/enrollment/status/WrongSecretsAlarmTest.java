package io.gatehouse.enrollment.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.app.Throttle;
import io.gatehouse.testkit.MutableClock;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Somebody tries secrets: an operator sees it in the status and in the metrics. */
class WrongSecretsAlarmTest {
    private final MutableClock clock = MutableClock.at(Instant.parse("2026-11-23T10:00:00Z"));
    private final Throttle throttle = new Throttle(clock, alarm -> {});
    private final WrongSecrets shown = new WrongSecrets(throttle);

    @Test
    void throttled_secrets_are_a_warning_and_a_metric_for_some_time() throws IOException {
        var registry = new PrometheusRegistry();
        shown.register(registry);
        assertThat(shown.warning()).isEmpty();
        for (int i = 0; i < Throttle.PER_MINUTE + 3; i++) {
            throttle.wrong("192.0.2.7");
        }
        assertThat(shown.warning().orElseThrow()).contains("192.0.2.7");
        assertThat(text(registry))
                .contains("gatehouse_wrong_secrets_total{throttled=\"false\"} 20.0")
                .contains("gatehouse_wrong_secrets_total{throttled=\"true\"} 3.0")
                .contains("gatehouse_wrong_secrets_alarm 1.0");

        clock.advance(Throttle.ALARM_LASTS.plus(Duration.ofSeconds(1)));
        assertThat(shown.warning()).isEmpty();
        assertThat(text(registry)).contains("gatehouse_wrong_secrets_alarm 0.0");
    }

    private static String text(PrometheusRegistry registry) throws IOException {
        var out = new ByteArrayOutputStream();
        PrometheusTextFormatWriter.create().write(out, registry.scrape());
        return out.toString(StandardCharsets.UTF_8);
    }
}

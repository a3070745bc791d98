package io.gatehouse.enrollment.status;

import io.gatehouse.enrollment.app.Throttle;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Optional;

/** What an operator sees when somebody tries secrets: a warning, never a problem, because a stranger must not make us ill. */
final class WrongSecrets {
    private final Throttle throttle;

    WrongSecrets(Throttle throttle) {
        this.throttle = throttle;
    }

    Optional<String> warning() {
        return throttle.alarm()
                .map(alarm -> "somebody tries secrets at enrollment: too many were wrong, the last at " + alarm.last()
                        + " from " + alarm.source());
    }

    void register(PrometheusRegistry registry) {
        CounterWithCallback.builder()
                .name("gatehouse_wrong_secrets_total")
                .help("Wrong secrets at enrollment, by whether they were throttled.")
                .labelNames("throttled")
                .callback(counter -> {
                    var counts = throttle.counts();
                    counter.call((double) (counts.wrong() - counts.throttled()), "false");
                    counter.call((double) counts.throttled(), "true");
                })
                .register(registry);
        GaugeWithCallback.builder()
                .name("gatehouse_wrong_secrets_alarm")
                .help("1 while somebody tries secrets at enrollment: some were throttled in the last minutes.")
                .callback(gauge -> gauge.call(throttle.alarm().isPresent() ? 1 : 0))
                .register(registry);
    }
}

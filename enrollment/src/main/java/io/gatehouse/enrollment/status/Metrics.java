package io.gatehouse.enrollment.status;

import io.gatehouse.enrollment.app.Sessions;
import io.gatehouse.enrollment.app.Throttle;
import io.gatehouse.enrollment.http.Observer;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/**
 * Counts for Prometheus. Labels are ports, route templates, statuses and words of refusals, never what a peer sent, so that
 * strangers cannot make them grow. Thread-safe.
 */
public final class Metrics implements Observer {
    static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    private final InstantSource clock;
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Counter requests = Counter.builder()
            .name("gatehouse_http_requests_total")
            .help("Requests answered, by port, route and status.")
            .labelNames("port", "method", "route", "status")
            .register(registry);
    private final Counter refusals = Counter.builder()
            .name("gatehouse_refusals_total")
            .help("Requests refused, by port and reason.")
            .labelNames("port", "reason")
            .register(registry);
    private final Histogram durations = Histogram.builder()
            .name("gatehouse_http_request_duration_seconds")
            .help("From a request's head to its answer.")
            .labelNames("port")
            .classicOnly()
            .classicUpperBounds(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
            .register(registry);

    public Metrics(Sessions sessions, Throttle throttle, CaFacts ca, InstantSource clock) {
        this.clock = clock;
        new WrongSecrets(throttle).register(registry);
        GaugeWithCallback.builder()
                .name("gatehouse_sessions")
                .help("Live sessions as the brokers report them.")
                .callback(gauge -> gauge.call(sessions.count()))
                .register(registry);
        GaugeWithCallback.builder()
                .name("gatehouse_crl_next_update_seconds")
                .help("Seconds until a CRL must be replaced.")
                .labelNames("crl")
                .callback(gauge -> ca.crls().forEach(crl -> gauge.call(seconds(crl.nextUpdate()), crl.name())))
                .register(registry);
        GaugeWithCallback.builder()
                .name("gatehouse_ca_not_after_seconds")
                .help("Seconds until a CA certificate ends.")
                .labelNames("ca")
                .callback(gauge -> ca.authorities()
                        .forEach(authority -> gauge.call(seconds(authority.notAfter()), authority.name())))
                .register(registry);
        GaugeWithCallback.builder()
                .name("gatehouse_crypto_provider")
                .help("1 for the JCA provider that is in use for signatures, and for X25519.")
                .labelNames("use", "provider")
                .callback(gauge -> {
                    gauge.call(1, "signatures", ca.provider());
                    gauge.call(1, "x25519", ca.x25519());
                })
                .register(registry);
        GaugeWithCallback.builder()
                .name("gatehouse_root_keys_here")
                .help("1 while the root keys are on this machine.")
                .callback(gauge -> gauge.call(ca.rootKeysHere() ? 1 : 0))
                .register(registry);
        GaugeWithCallback.builder()
                .name("gatehouse_server_certificate_not_after_seconds")
                .help("Seconds until a certificate ends that this service shows: its own, or that of another CA.")
                .labelNames("certificate")
                .callback(gauge -> {
                    gauge.call(seconds(ca.serverCertificateUntil()), "own");
                    ca.publicCertificate().ifPresent(shown -> gauge.call(seconds(shown.until()), "public"));
                })
                .register(registry);
        GaugeWithCallback.builder()
                .name("gatehouse_public_certificate_files_bad")
                .help("1 while the files of the public certificate are not used because they are not in order.")
                .callback(gauge -> gauge.call(
                        ca.publicCertificate()
                                        .flatMap(CaFacts.PublicCertificate::problem)
                                        .isPresent()
                                ? 1
                                : 0))
                .register(registry);
    }

    @Override
    public void answered(Seen seen) {
        requests.labelValues(seen.port(), seen.method(), seen.path(), Integer.toString(seen.status()))
                .inc();
        seen.refusal()
                .ifPresent(reason ->
                        refusals.labelValues(seen.port(), reason.word()).inc());
        durations.labelValues(seen.port()).observe(seen.nanos() / (double) TimeUnit.SECONDS.toNanos(1));
    }

    private double seconds(Instant end) {
        return Duration.between(clock.instant(), end).toMillis() / 1000.0;
    }

    /** All of it in Prometheus' text format 0.0.4. */
    byte[] text() {
        var out = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(out, registry.scrape());
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        return out.toByteArray();
    }
}

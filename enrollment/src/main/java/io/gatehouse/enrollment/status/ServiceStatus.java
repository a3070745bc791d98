package io.gatehouse.enrollment.status;

import io.gatehouse.admission.feed.Report;
import io.gatehouse.enrollment.app.AuditCheckpoints;
import io.gatehouse.enrollment.app.Brokers;
import io.gatehouse.enrollment.app.FeedHub;
import io.gatehouse.enrollment.app.IssuingLimits;
import io.gatehouse.enrollment.app.Pending;
import io.gatehouse.enrollment.app.Presence;
import io.gatehouse.enrollment.app.Restorations;
import io.gatehouse.enrollment.app.Rotation;
import io.gatehouse.enrollment.app.Sessions;
import io.gatehouse.enrollment.app.Throttle;
import io.gatehouse.enrollment.app.domain.DevicesCa;
import io.gatehouse.enrollment.app.domain.DevicesCa.State;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** How the service is: facts, what is wrong with them, and what to see to some day. Thread-safe. */
public final class ServiceStatus {
    private static final Duration CA_ENDS_SOON = Duration.ofDays(90);

    private final String version;
    private final Instant since;
    private final FeedHub hub;
    private final Brokers brokers;
    private final Sessions sessions;
    private final Pending pending;
    private final Throttle throttle;
    private final IssuingLimits limits;
    private final Restorations restorations;
    private final AuditCheckpoints checkpoints;
    private final CaFacts ca;
    private final Rotation rotation;
    private final InstantSource clock;

    public ServiceStatus(
            String version,
            Instant since,
            FeedHub hub,
            Brokers brokers,
            Sessions sessions,
            Pending pending,
            Throttle throttle,
            IssuingLimits limits,
            Restorations restorations,
            AuditCheckpoints checkpoints,
            CaFacts ca,
            Rotation rotation,
            InstantSource clock) {
        this.version = version;
        this.since = since;
        this.hub = hub;
        this.brokers = brokers;
        this.sessions = sessions;
        this.pending = pending;
        this.throttle = throttle;
        this.limits = limits;
        this.restorations = restorations;
        this.checkpoints = checkpoints;
        this.ca = ca;
        this.rotation = rotation;
        this.clock = clock;
    }

    /** As {@code /api/v1/status} tells it. Throws RegistryUnavailable when the registry does not answer. */
    public Map<String, Object> tell() {
        var now = clock.instant();
        var position = hub.position();
        var problems = problems(now);
        var shown = new LinkedHashMap<String, Object>();
        shown.put("healthy", problems.isEmpty());
        shown.put("problems", problems);
        shown.put("warnings", warnings());
        shown.put("version", version);
        shown.put("since", since.toString());
        shown.put("time", now.toString());
        shown.put("provider", ca.provider());
        shown.put("x25519", ca.x25519());
        shown.put("epoch", position.epoch());
        shown.put("revision", position.revision());
        shown.put("sessions", sessions.count());
        shown.put("pending", pending.count());
        shown.put(
                "brokers",
                brokers.shown().stream()
                        .map(broker -> BrokerJson.of(broker, position.revision()))
                        .toList());
        shown.put("rootKeys", ca.rootKeysHere() ? "here" : "away");
        shown.put(
                "authorities",
                ca.authorities().stream().map(ServiceStatus::shown).toList());
        shown.put("crls", ca.crls().stream().map(ServiceStatus::shown).toList());
        shown.put("serverCertificateUntil", ca.serverCertificateUntil().toString());
        shown.put(
                "publicCertificate",
                ca.publicCertificate().map(ServiceStatus::shown).orElse(null));
        return shown;
    }

    /** What keeps the service from its work now; nothing when it is ready. Throws RegistryUnavailable as {@link #tell}. */
    List<String> notReady() {
        // Reads from the registry: one that does not answer throws.
        brokers.list();
        return crlProblems(clock.instant());
    }

    private List<String> problems(Instant now) {
        var problems = new ArrayList<>(crlProblems(now));
        var followed = rotation.list().stream()
                .filter(each -> each.state() == State.OLDER || each.state() == State.RETIRED)
                .map(DevicesCa::name)
                .toList();
        for (var authority : ca.authorities()) {
            boolean soon = authority.notAfter().isBefore(now.plus(CA_ENDS_SOON));
            if (soon && !followed.contains(authority.name())) {
                var remedy = authority.name().matches("devices(-[0-9]+)?") ? "; run: gatehouse ca rotate" : "";
                problems.add("the certificate of " + authority.name() + " ends at " + authority.notAfter() + remedy);
            }
        }
        if (ca.serverCertificateUntil().isBefore(now.plus(Duration.ofDays(1)))) {
            problems.add("the server certificate was not renewed and ends at " + ca.serverCertificateUntil());
        }
        ca.publicCertificate().ifPresent(shown -> {
            shown.problem().ifPresent(line -> problems.add("the public certificate: " + line));
            if (now.isAfter(shown.until())) {
                problems.add("the public certificate has ended at " + shown.until());
            }
        });
        brokers.shown().forEach(broker -> {
            problem(broker).ifPresent(problems::add);
            problems.addAll(saidBy(broker, Report.Status::problems));
        });
        return problems;
    }

    private List<String> crlProblems(Instant now) {
        return ca.crls().stream()
                .filter(crl -> !crl.nextUpdate().isAfter(now))
                .map(crl -> "the CRL of " + crl.name() + " has ended at " + crl.nextUpdate())
                .toList();
    }

    private List<String> warnings() {
        var warnings = new ArrayList<String>();
        if (ca.rootKeysHere()) {
            warnings.add("the root keys are still on this machine: take secrets/root-keys.pem away");
        }
        new WrongSecrets(throttle).warning().ifPresent(warnings::add);
        limits.alarm()
                .ifPresent(alarm ->
                        warnings.add(alarm.who() + " asks for more new certificates than it gets, the last time at "
                                + alarm.last() + ": its key may be in wrong hands"));
        rotation.waiting()
                .filter(waiting -> !waiting.brokers().isEmpty())
                .ifPresent(
                        waiting -> warnings.add("the devices CA " + waiting.ca().name()
                                + " does not issue yet: these brokers do not trust it, " + waiting.brokers()));
        for (var each : rotation.list()) {
            if (each.state() == State.OLDER) {
                warnings.add("the devices CA " + each.name()
                        + " was followed by another and retires when its last certificate has ended or was renewed");
            }
        }
        ca.publicCertificate()
                .filter(CaFacts.PublicCertificate::endsSoon)
                .ifPresent(
                        shown -> warnings.add("the public certificate was not renewed and ends at " + shown.until()));
        checkpoints.problem().ifPresent(warnings::add);
        brokers.shown().forEach(broker -> warnings.addAll(saidBy(broker, Report.Status::warnings)));
        restorations
                .standing()
                .filter(Restorations.Standing::open)
                .ifPresent(standing -> warnings.add("restored from a backup of "
                        + standing.restoration().backupAt() + "; these brokers have not said what they know: "
                        + standing.missing() + " (gatehouse restoration show)"));
        return warnings;
    }

    /** What a broker that is here says of itself. */
    private static List<String> saidBy(Brokers.Shown broker, Function<Report.Status, List<String>> what) {
        return broker
                .seen()
                .filter(seen -> BrokerJson.connected(broker))
                .flatMap(Presence.Seen::status)
                .map(what)
                .orElse(List.of())
                .stream()
                .map(sentence -> "broker " + broker.broker().name() + ": " + sentence)
                .toList();
    }

    private static Optional<String> problem(Brokers.Shown broker) {
        var name = broker.broker().name();
        if (!BrokerJson.connected(broker)) {
            return Optional.of("broker " + name + " is away");
        }
        return broker.seen()
                .flatMap(Presence.Seen::status)
                .filter(status -> !status.ready())
                .map(status ->
                        "broker " + name + " is not ready: " + status.reason().orElse("it does not say why"));
    }

    private static Map<String, Object> shown(CaFacts.Authority authority) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("name", authority.name());
        shown.put("sha256", authority.sha256());
        shown.put("notAfter", authority.notAfter().toString());
        return shown;
    }

    private static Map<String, Object> shown(CaFacts.PublicCertificate certificate) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("names", certificate.names());
        shown.put("until", certificate.until().toString());
        shown.put("problem", certificate.problem().orElse(null));
        return shown;
    }

    private static Map<String, Object> shown(CaFacts.Crl crl) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("name", crl.name());
        shown.put("number", crl.number().toString());
        shown.put("entries", crl.entries());
        shown.put("thisUpdate", crl.thisUpdate().toString());
        shown.put("nextUpdate", crl.nextUpdate().toString());
        return shown;
    }
}

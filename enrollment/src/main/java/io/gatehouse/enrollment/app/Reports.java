package io.gatehouse.enrollment.app;

import io.gatehouse.admission.feed.Report;
import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.DeviceCertificate;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.domain.Proof;
import io.gatehouse.enrollment.app.domain.Refusal;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.enrollment.app.port.View;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.RefusalReason;
import java.time.InstantSource;
import java.util.List;

/**
 * Takes in what brokers report: evidence, kept in memory with the broker's name. The one thing that a report changes is the half
 * proof of a renewal. Thread-safe.
 */
public final class Reports {
    private final Registry registry;
    private final Sessions sessions;
    private final Refusals refusals;
    private final Enforcements enforcements;
    private final Presence presence;
    private final InstantSource clock;

    public Reports(
            Registry registry,
            Sessions sessions,
            Refusals refusals,
            Enforcements enforcements,
            Presence presence,
            InstantSource clock) {
        this.registry = registry;
        this.sessions = sessions;
        this.refusals = refusals;
        this.enforcements = enforcements;
        this.presence = presence;
        this.clock = clock;
    }

    /** Refused with CONFLICT when the report is of another epoch. Done: true when something in the directory changed. */
    public Outcome<Boolean> accept(BrokerName broker, Report report) {
        long nanos = System.nanoTime();
        var position = registry.read(View::position);
        boolean ahead = report.revision() > position.revision()
                || report.enforced().stream().anyMatch(enforced -> enforced.revision() > position.revision());
        if (!report.epoch().equals(position.epoch()) || ahead) {
            return Outcome.refused(RefusalReason.CONFLICT, "the report is of another epoch, or of the future");
        }
        // First of all: somebody may be waiting for this.
        enforcements.confirm(broker, report, nanos);
        presence.reported(broker, report, clock.instant());
        sessions.apply(broker, report);
        report.refused().forEach(refused -> refusals.add(refusal(broker, refused)));
        return Outcome.done(admitted(broker, report.admitted()));
    }

    private boolean admitted(BrokerName broker, List<Fingerprint> certificates) {
        if (certificates.isEmpty()) {
            return false;
        }
        var news = registry.read(view -> certificates.stream()
                .flatMap(sha256 -> view.certificate(sha256).stream())
                .filter(certificate -> certificate.proof() == Proof.NONE)
                .map(DeviceCertificate::sha256)
                .distinct()
                .toList());
        if (news.isEmpty()) {
            return false;
        }
        return registry.write(transaction -> {
            boolean changed = false;
            for (var sha256 : news) {
                var certificate = transaction.certificate(sha256).orElseThrow();
                changed |= Successions.admitted(transaction, Actor.broker(broker), certificate);
            }
            return changed;
        });
    }

    private static Refusal refusal(BrokerName broker, Report.Refused refused) {
        return new Refusal(
                refused.at(),
                "broker:" + broker,
                refused.reason(),
                refused.clientId().map(Sessions::clip),
                refused.device().map(DeviceId::value),
                refused.certificate().map(Fingerprint::hex),
                Sessions.clip(refused.address()));
    }
}

package io.gatehouse.enrollment.app;

import io.gatehouse.admission.feed.Report;
import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.Broker;
import io.gatehouse.enrollment.app.domain.DevicesCa;
import io.gatehouse.enrollment.app.domain.DevicesCa.State;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.port.DevicesCas;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.enrollment.app.port.Transaction;
import io.gatehouse.enrollment.app.port.View;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.x509.Certificates;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which devices CA issues, and which brokers trust. A new one is announced at the start that finds its key, issues as soon as every
 * registered broker has said that its listeners ask for it, and lets the older one retire when no live certificate of that is left.
 * Every step is in the registry, so a stop at any moment goes on from there. Thread-safe.
 */
public final class Rotation {
    /** A certificate that was signed by the older CA just before the new one took over is in the registry long before that. */
    private static final Duration LAST_SIGNED = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(Rotation.class);

    private final Registry registry;
    private final DevicesCas authorities;
    private final Presence presence;
    private final InstantSource clock;

    public Rotation(Registry registry, DevicesCas authorities, Presence presence, InstantSource clock) {
        this.registry = registry;
        this.authorities = authorities;
        this.presence = presence;
        this.clock = clock;
    }

    /** The files of the authorities are older than the registry; the message is for the person who has to mend it. */
    public static final class OlderFilesException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OlderFilesException(String name) {
            super("the registry knows a devices CA " + name
                    + " that is not in pki/ and secrets/: restore data/, pki/ and secrets/ from one backup");
        }
    }

    /** A registered broker and whether it has said that its listeners ask for the CA; empty when it has said nothing. */
    public record Trust(BrokerName broker, Optional<Boolean> trusts) {}

    /**
     * A devices CA as it stands.
     *
     * @param live how many of its certificates are valid or held and have not ended
     */
    public record Shown(DevicesCa ca, long live, List<Trust> brokers) {}

    /**
     * At each start: makes the directory name every CA that is to be trusted, and uses them as the registry has it.
     *
     * @throws OlderFilesException when the registry knows a CA that is not here: files and registry are not of one time
     */
    public void start() {
        registry.write(transaction -> {
            var known = transaction.devicesCas();
            var here = authorities.all();
            known.forEach(ca -> requireHere(ca, here));
            for (var named : here) {
                if (known.stream().noneMatch(ca -> ca.generation() == named.generation())) {
                    boolean first = known.isEmpty() && named.generation() == 1;
                    transaction.save(fresh(named, first ? State.ISSUING : State.ANNOUNCED));
                }
            }
            for (var ca : transaction.devicesCas()) {
                announce(transaction, ca, here);
            }
            return true;
        });
        apply();
    }

    /** By generation, with what keeps each from its next state. Walks over the registry when there is more than one. */
    public List<Shown> shown() {
        return registry.read(view -> {
            var now = clock.instant();
            return view.devicesCas().stream()
                    .map(ca -> new Shown(ca, view.countLive(ca.subject(), now), trusts(view, ca)))
                    .toList();
        });
    }

    /** By generation; quick. */
    public List<DevicesCa> list() {
        return registry.read(View::devicesCas);
    }

    /** The CA that waits, and the brokers that it waits for; nothing when none waits. */
    public Optional<Waiting> waiting() {
        return registry.read(view ->
                newest(view, State.ANNOUNCED).map(ca -> new Waiting(ca, missing(view, ca, Set.of()))));
    }

    /** @param brokers those that have not said that they trust it; none: it takes over in a moment */
    public record Waiting(DevicesCa ca, List<BrokerName> brokers) {}

    /**
     * Lets the newest announced CA issue from now on, when every registered broker but these trusts it. Refused with CONFLICT, and
     * nothing is changed, when one is missing or no CA waits.
     */
    public Outcome<DevicesCa> takeOver(Actor actor, Set<BrokerName> without) {
        var outcome = registry.<Outcome<DevicesCa>>write(transaction -> takeOver(transaction, actor, without));
        apply();
        return outcome;
    }

    private Outcome<DevicesCa> takeOver(Transaction transaction, Actor actor, Set<BrokerName> without) {
        var next = newest(transaction, State.ANNOUNCED);
        if (next.isEmpty()) {
            return Outcome.refused(RefusalReason.CONFLICT, "no devices CA waits to take over");
        }
        var known = transaction.brokers().stream().map(Broker::name).toList();
        var unknown = without.stream().filter(name -> !known.contains(name)).findFirst();
        if (unknown.isPresent()) {
            return Outcome.refused(RefusalReason.NOT_FOUND, "no such broker");
        }
        var missing = missing(transaction, next.get(), without);
        if (!missing.isEmpty()) {
            return Outcome.refused(
                    RefusalReason.CONFLICT, "these brokers do not trust it yet: " + String.join(", ", words(missing)));
        }
        var now = clock.instant();
        if (begins(next.get()).isAfter(now)) {
            // Made under a clock that was ahead: brokers would refuse every certificate of it.
            return Outcome.refused(RefusalReason.CONFLICT, "by this machine's clock it is not valid yet");
        }
        for (var ca : transaction.devicesCas()) {
            boolean stepsBack = ca.state() == State.ISSUING || ca.state() == State.ANNOUNCED;
            if (stepsBack && ca.generation() != next.get().generation()) {
                transaction.save(ca.in(State.OLDER, now));
            }
        }
        var issuing = next.get().in(State.ISSUING, now);
        transaction.save(issuing);
        transaction.audit(
                actor,
                "ca.take-over",
                issuing.name(),
                Map.of(
                        "certificate",
                        issuing.sha256().hex(),
                        "brokers",
                        words(known),
                        "without",
                        words(List.copyOf(without))));
        return Outcome.done(issuing);
    }

    /**
     * Takes an older CA out of the directory: brokers let its certificates through no more, live connections stay.
     *
     * @param evenWithLive although certificates of it are live; their devices come back by re-enrolling, or by a new claim
     */
    public Outcome<DevicesCa> retire(Actor actor, String name, boolean evenWithLive) {
        var outcome = registry.<Outcome<DevicesCa>>write(transaction -> transaction.devicesCas().stream()
                .filter(ca -> ca.name().equals(name))
                .findFirst()
                .map(ca -> retire(transaction, actor, ca, evenWithLive))
                .orElseGet(() -> Outcome.refused(RefusalReason.NOT_FOUND, "there is no such devices CA")));
        apply();
        return outcome;
    }

    private Outcome<DevicesCa> retire(Transaction transaction, Actor actor, DevicesCa ca, boolean evenWithLive) {
        var now = clock.instant();
        if (ca.state() == State.RETIRED) {
            return Outcome.done(ca);
        }
        if (ca.state() != State.OLDER) {
            return Outcome.refused(RefusalReason.CONFLICT, "only a CA that another one has followed can retire");
        }
        if (!evenWithLive && transaction.hasLive(ca.subject(), now)) {
            return Outcome.refused(RefusalReason.CONFLICT, "certificates of it are still live");
        }
        if (!evenWithLive && now.isBefore(ca.since().plus(LAST_SIGNED))) {
            return Outcome.refused(RefusalReason.CONFLICT, "it issued until just now; again in a minute");
        }
        var retired = ca.in(State.RETIRED, now);
        transaction.save(retired);
        transaction.removeAuthority(ca.name());
        transaction.audit(
                actor, "ca.retire", ca.name(), Map.of("certificate", ca.sha256().hex(), "evenWithLive", evenWithLive));
        return Outcome.done(retired);
    }

    /** Takes the steps that are due by themselves, and says so; the next look is never due at once. */
    public boolean step() {
        if (advance()) {
            LOG.info(
                    "devices CAs: {}",
                    list().stream()
                            .map(ca -> ca.name() + " " + ca.state().word())
                            .toList());
        }
        return false;
    }

    /** Takes the steps that are due by themselves. Done: whether anything changed. Walks over the registry while a CA is to retire. */
    boolean advance() {
        boolean changed = false;
        if (waiting().filter(found -> found.brokers().isEmpty()).isPresent()) {
            changed = takeOver(Actor.SYSTEM, Set.of()) instanceof Outcome.Done;
        }
        for (var ca : list()) {
            // Looked at outside of the writer's thread first: this may walk over every certificate.
            if (ca.state() == State.OLDER && !registry.read(view -> view.hasLive(ca.subject(), clock.instant()))) {
                changed |= retire(Actor.SYSTEM, ca.name(), false) instanceof Outcome.Done;
            }
        }
        return changed;
    }

    /** Reading and using are one step: else what an earlier act read could undo what a later one has put in use. */
    private synchronized void apply() {
        var all = list();
        var issuing = all.stream()
                .filter(ca -> ca.state() == State.ISSUING)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no devices CA issues"));
        authorities.use(
                issuing.generation(),
                all.stream()
                        .filter(DevicesCa::trusted)
                        .map(DevicesCa::generation)
                        .toList());
    }

    private DevicesCa fresh(DevicesCas.Named named, State state) {
        var certificate = named.certificate();
        return new DevicesCa(
                named.generation(),
                named.name(),
                Certificates.fingerprint(certificate),
                certificate.getSubjectX500Principal().getName(),
                state,
                clock.instant(),
                certificate.getNotAfter().toInstant());
    }

    private static void announce(Transaction transaction, DevicesCa ca, List<DevicesCas.Named> here) {
        var certificate = here.get(ca.generation() - 1).certificate();
        if (ca.trusted() && transaction.saveAuthority(ca.name(), Certificates.der(certificate))) {
            transaction.audit(
                    Actor.SYSTEM,
                    "authority.announce",
                    ca.name(),
                    Map.of("certificate", ca.sha256().hex()));
        }
    }

    private static void requireHere(DevicesCa known, List<DevicesCas.Named> here) {
        boolean found = here.stream()
                .anyMatch(named -> named.generation() == known.generation()
                        && Certificates.fingerprint(named.certificate()).equals(known.sha256()));
        if (!found) {
            throw new OlderFilesException(known.name());
        }
    }

    private Instant begins(DevicesCa ca) {
        var certificate = authorities.all().get(ca.generation() - 1).certificate();
        return certificate.getNotBefore().toInstant();
    }

    private static Optional<DevicesCa> newest(View view, State state) {
        return view.devicesCas().stream().filter(ca -> ca.state() == state).reduce((older, newer) -> newer);
    }

    private List<BrokerName> missing(View view, DevicesCa ca, Set<BrokerName> without) {
        return trusts(view, ca).stream()
                .filter(trust -> !trust.trusts().orElse(false))
                .map(Trust::broker)
                .filter(broker -> !without.contains(broker))
                .toList();
    }

    private List<Trust> trusts(View view, DevicesCa ca) {
        return view.brokers().stream()
                .map(broker -> new Trust(broker.name(), trusted(broker).map(all -> all.contains(ca.sha256()))))
                .toList();
    }

    /** What its last report said; nothing when it never told, as older extensions do not. */
    private Optional<List<Fingerprint>> trusted(Broker broker) {
        return presence.of(broker.name())
                .flatMap(Presence.Seen::status)
                .map(Report.Status::trusted)
                .filter(all -> !all.isEmpty());
    }

    private static List<String> words(List<BrokerName> names) {
        return names.stream().map(BrokerName::value).sorted().toList();
    }
}

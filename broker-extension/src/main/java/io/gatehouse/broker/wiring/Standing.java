package io.gatehouse.broker.wiring;

import io.gatehouse.admission.client.LinkState;
import io.gatehouse.admission.client.ServiceLink;
import io.gatehouse.admission.feed.Report;
import io.gatehouse.admission.replica.View;
import io.gatehouse.broker.admit.Governance;
import io.gatehouse.broker.admit.Readiness;
import io.gatehouse.broker.config.ExtensionConfig;
import io.gatehouse.broker.identity.IdentityKeeper;
import io.gatehouse.broker.identity.TrustInUse;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.RefusalReason;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says how the extension stands, whenever that changes: one log line, the status file, and a report to the service. */
final class Standing {
    private static final Logger LOG = LoggerFactory.getLogger(Standing.class);
    /** How long the service may be silent before the operator hears of it. */
    private static final Duration ALARM = Duration.ofSeconds(10);

    /** What is said of this broker, beside where it is in the feed. */
    private record Said(Verdict verdict, List<Fingerprint> trusted, List<String> problems, List<String> warnings) {}

    private record Verdict(boolean ready, Optional<RefusalReason> reason, Optional<String> why) {}

    private record Position(boolean synchronised, String epoch, long revision, Duration age) {
        static Position of(View view, InstantSource clock) {
            return new Position(
                    view.synchronised(),
                    view.epoch(),
                    view.revision(),
                    view.synchronised() ? view.age(clock.instant()) : Duration.ZERO);
        }
    }

    private static final Position NOWHERE = new Position(false, "", 0, Duration.ZERO);

    private final Readiness readiness;
    private final Governance governance;
    private final Observing observing;
    private final StatusFile file;
    private final InstantSource clock;
    private final String version;
    private final Supplier<List<String>> alarms;
    private final String provider;
    private final boolean isNative;
    private final List<String> warnings = new CopyOnWriteArrayList<>();
    private volatile String broker = "";
    private volatile Duration maxStale = Duration.ZERO;
    private volatile @Nullable ServiceLink link;
    private volatile @Nullable IdentityKeeper keeper;
    private volatile @Nullable TrustInUse trust;
    private @Nullable Verdict last;
    private @Nullable Said lastSaid;
    private boolean alarmed;

    Standing(
            Readiness readiness,
            Governance governance,
            Observing observing,
            Supplier<List<String>> alarms,
            StatusFile file,
            InstantSource clock,
            String version) {
        this.governance = governance;
        this.observing = observing;
        this.alarms = alarms;
        this.readiness = readiness;
        this.file = file;
        this.clock = clock;
        this.version = version;
        var crypto = CryptoInUse.here();
        this.provider = crypto.toString();
        this.isNative = crypto.isNative();
        if (!isNative) {
            warn("this JVM signs with " + crypto.signatures() + ", which is many times slower than the native "
                    + CryptoInUse.NATIVE
                    + ": see Without the native provider in src/docs/operate/monitor-the-broker.md");
        }
    }

    /** Says it in the log now, and in the status from now on. */
    void warn(String sentence) {
        warnings.add(sentence);
        LOG.warn("{}.", sentence);
    }

    private List<String> warnings() {
        var all = new ArrayList<>(warnings);
        all.addAll(alarms.get());
        return all;
    }

    List<String> problems() {
        var problems = new ArrayList<String>();
        governance
                .unsafe()
                .forEach((name, why) -> problems.add("every client of the listener " + name + " is refused: " + why));
        observing.problem().ifPresent(problems::add);
        if (readiness.state() instanceof Readiness.Closed closed) {
            problems.add("every client is refused: " + closed.why());
        }
        identityProblem().ifPresent(problems::add);
        linkState().replicaProblem().ifPresent(problems::add);
        return problems;
    }

    boolean isNative() {
        return isNative;
    }

    void linked(ServiceLink with, IdentityKeeper identity, TrustInUse trustInUse, ExtensionConfig config) {
        broker = config.broker().value();
        maxStale = config.maxStale();
        keeper = identity;
        trust = trustInUse;
        link = with;
    }

    /** Seconds until the certificate of ours ends that devices see, negative when it has ended; 0 when no listener shows one. */
    long serverCertificateSeconds() {
        var current = keeper;
        long until = current == null ? 0 : current.serverUntil();
        return until == 0 ? 0 : until - clock.instant().getEpochSecond();
    }

    /** Seconds until the certificate of another CA ends; 0 when no listener shows one. */
    long publicCertificateSeconds() {
        var current = keeper;
        long until = current == null ? 0 : current.publicUntil();
        return until == 0 ? 0 : until - clock.instant().getEpochSecond();
    }

    /** The same for the identity towards the service; 0 before it was looked at. */
    long feedCertificateSeconds() {
        var current = keeper;
        long until = current == null ? 0 : current.feedUntil();
        return until == 0 ? 0 : until - clock.instant().getEpochSecond();
    }

    boolean connected() {
        return linkState().connected();
    }

    int devices() {
        var current = link;
        return current == null ? 0 : current.directory().read(View::devices);
    }

    int certificates() {
        var current = link;
        return current == null ? 0 : current.directory().read(View::certificates);
    }

    long revision() {
        return position().revision();
    }

    String epoch() {
        return position().epoch();
    }

    long ageMillis() {
        return position().age().toMillis();
    }

    boolean ready() {
        return verdict(position()).ready();
    }

    /** Looks, and speaks if something is new. */
    synchronized void look() {
        var position = position();
        var verdict = verdict(position);
        var state = linkState();
        file.write(new StatusFile.Status(
                verdict.ready(),
                verdict.reason().map(RefusalReason::word),
                verdict.why(),
                broker,
                position.epoch(),
                position.revision(),
                state.connected(),
                state.problem().or(state::replicaProblem).or(this::identityProblem),
                provider,
                version,
                problems(),
                warnings()));
        alarm(position, state);
        boolean starting = link == null && verdict.reason().equals(Optional.of(RefusalReason.NOT_SYNCHRONISED));
        if (starting) {
            return;
        }
        if (!verdict.equals(last)) {
            last = verdict;
            say(verdict);
        }
        var said = new Said(verdict, trusted(), problems(), warnings());
        if (link != null && !said.equals(lastSaid)) {
            lastSaid = said;
            report(said);
        }
    }

    private void say(Verdict verdict) {
        if (!verdict.ready()) {
            LOG.warn("Gatehouse refuses every client: {}", verdict.why().orElse(""));
        } else if (observing.until().isEmpty()) {
            LOG.info("Gatehouse is ready: devices are admitted. Crypto provider: {}.", provider);
        }
    }

    private void report(Said said) {
        var current = link;
        if (current != null) {
            var verdict = said.verdict();
            current.reports()
                    .status(new Report.Status(
                            verdict.ready(),
                            verdict.reason().map(RefusalReason::word),
                            provider,
                            version,
                            said.trusted(),
                            said.problems(),
                            said.warnings()));
        }
    }

    private void alarm(Position position, LinkState state) {
        boolean silent = position.synchronised() && position.age().compareTo(ALARM) > 0;
        if (silent && !alarmed) {
            LOG.warn(
                    "The service has not been heard for {} s ({}); devices are admitted on the copy of revision {} for {} more.",
                    position.age().toSeconds(),
                    state.problem().orElse("no answer"),
                    position.revision(),
                    maxStale.minus(position.age()));
        } else if (!silent && alarmed) {
            LOG.info("The service is heard again.");
        }
        alarmed = silent;
    }

    private Verdict verdict(Position position) {
        if (readiness.state() instanceof Readiness.Closed closed) {
            return no(closed.reason(), closed.why());
        }
        if (!position.synchronised()) {
            String why = linkState().problem().orElse("no answer from the service yet");
            return no(RefusalReason.NOT_SYNCHRONISED, "the directory was never received: " + why);
        }
        if (position.age().compareTo(maxStale) > 0) {
            return no(RefusalReason.STALE, "the service has not been heard for longer than max-stale, " + maxStale);
        }
        return new Verdict(true, Optional.empty(), Optional.empty());
    }

    private static Verdict no(RefusalReason reason, String why) {
        return new Verdict(false, Optional.of(reason), Optional.of(why));
    }

    private Position position() {
        var current = link;
        return current == null ? NOWHERE : current.directory().read(view -> Position.of(view, clock));
    }

    private Optional<String> identityProblem() {
        var current = keeper;
        var inUse = trust;
        return current == null || inUse == null
                ? Optional.empty()
                : current.problem().or(inUse::problem);
    }

    private List<Fingerprint> trusted() {
        var current = trust;
        return current == null ? List.of() : current.trusted();
    }

    private LinkState linkState() {
        var current = link;
        return current == null ? new LinkState(false, Optional.empty(), Optional.empty()) : current.state();
    }
}

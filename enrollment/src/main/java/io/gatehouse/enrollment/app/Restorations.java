package io.gatehouse.enrollment.app;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.domain.Restoration;
import io.gatehouse.enrollment.app.domain.Witness;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.enrollment.app.port.Transaction;
import io.gatehouse.enrollment.app.port.View;
import io.gatehouse.enrollment.app.port.View.Position;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.identity.RefusalReason;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * After a restore: asks each registered broker that knows the directory further than the backup for what it knows, before it is given
 * the restored one, and makes of it what {@link Testimony} says. Thread-safe.
 */
public final class Restorations {
    /** All that one broker may say, in entries: a directory of a million devices with room to spare. */
    private static final long MOST_ENTRIES = 10_000_000;

    private final Registry registry;
    private final InstantSource clock;

    public Restorations(Registry registry, InstantSource clock) {
        this.registry = registry;
        this.clock = clock;
    }

    /**
     * The restore, who has spoken, and who has not.
     *
     * @param missing registered brokers that have not said all
     */
    public record Standing(Restoration restoration, boolean open, List<Witness> witnesses, List<BrokerName> missing) {}

    /**
     * A part of what a broker knows.
     *
     * @param lines how many lines it has, those of kinds that are not known here too
     * @param begins whether it is the first of an attempt; the others of it follow
     * @param total how many lines all parts of the attempt have, when this is the last of them
     */
    public record Part(List<Entry> entries, int lines, boolean begins, Optional<Long> total) {}

    /** Nothing when this registry comes from no restore. */
    public Optional<Standing> standing() {
        return registry.read(this::standing);
    }

    /** Whether this broker, which stands there, is to say what it knows before it is given anything. */
    public boolean wants(BrokerName broker, Optional<Position> position) {
        if (position.isEmpty()) {
            return false;
        }
        return registry.read(view -> asked(view, broker, position.get()).isPresent());
    }

    /**
     * Takes in a part of what a broker knows. An attempt that broke off is followed by one that begins anew; a witness has said all only
     * when as many lines of one attempt came as its last part says.
     */
    public Outcome<Boolean> accept(BrokerName broker, Position position, Part part) {
        return registry.write(transaction -> {
            var asked = asked(transaction, broker, position);
            if (asked.isEmpty()) {
                return Outcome.refused(RefusalReason.CONFLICT, "this broker is not asked, or has said all");
            }
            var now = clock.instant();
            var attempt = attempt(transaction.witness(broker), broker, position, part, now);
            if (attempt.isEmpty()) {
                return Outcome.refused(
                        RefusalReason.BAD_REQUEST, "nothing of this revision was begun; the first part says begin=1");
            }
            long lines = attempt.get().entries() + part.lines();
            if (lines > MOST_ENTRIES) {
                return Outcome.refused(RefusalReason.TOO_LARGE, "at most " + MOST_ENTRIES + " entries are taken");
            }
            if (part.total().isPresent() && part.total().get() != lines) {
                return Outcome.refused(
                        RefusalReason.BAD_REQUEST,
                        "total is " + part.total().get() + ", but " + lines
                                + " lines have come since begin=1; begin anew");
            }
            return Outcome.done(take(transaction, attempt.get(), part, now));
        });
    }

    /** No witness is asked any more, and who has not spoken is given the directory as it is. Done also when it was so already. */
    public Outcome<Standing> finish(Actor actor) {
        return registry.write(transaction -> {
            var standing = standing(transaction);
            if (standing.isEmpty()) {
                return Outcome.refused(RefusalReason.NOT_FOUND, "this registry was never restored");
            }
            if (standing.get().restoration().finishedAt().isEmpty()) {
                var missing =
                        standing.get().missing().stream().map(BrokerName::value).toList();
                transaction.finishRestoration(clock.instant());
                transaction.audit(actor, "restore.finish", "home", Map.of("missing", missing));
            }
            return Outcome.done(standing(transaction).orElseThrow());
        });
    }

    private Optional<Restoration> asked(View view, BrokerName broker, Position position) {
        return view.restoration()
                .filter(restoration -> restoration.open(clock.instant()))
                .filter(restoration -> restoration.epoch().equals(position.epoch()))
                // not more: a broker that has nothing newer has nothing to say
                .filter(restoration -> position.revision() > restoration.revision())
                .filter(restoration ->
                        view.witness(broker).flatMap(Witness::finishedAt).isEmpty());
    }

    /** What a part belongs to; nothing when it goes on with an attempt that there is not. */
    private static Optional<Witness> attempt(
            Optional<Witness> known, BrokerName broker, Position position, Part part, Instant now) {
        if (part.begins()) {
            return Optional.of(known.map(witness -> witness.anew(position.revision()))
                    .orElseGet(() -> Witness.begins(broker, position.revision(), now)));
        }
        return known.filter(witness -> witness.revision() == position.revision());
    }

    private boolean take(Transaction transaction, Witness witness, Part part, Instant now) {
        var testimony = new Testimony(transaction, now);
        part.entries().forEach(testimony::take);
        var counts = testimony.counts();
        var told = witness.plus(part.lines(), counts);
        boolean changed = !counts.revoked().isEmpty()
                || !counts.suspended().isEmpty()
                || !counts.superseded().isEmpty()
                || !counts.adopted().isEmpty()
                || !counts.devices().isEmpty()
                || !counts.fleets().isEmpty();
        if (changed) {
            transaction.audit(
                    Actor.broker(witness.broker()),
                    "restore.testimony",
                    witness.broker().value(),
                    detail(counts));
        }
        if (part.total().isPresent()) {
            told = told.finished(now);
            transaction.audit(
                    Actor.broker(witness.broker()),
                    "restore.witness",
                    witness.broker().value(),
                    Map.of(
                            "revision", told.revision(),
                            "entries", told.entries(),
                            "revoked", told.revoked(),
                            "adopted", told.adopted(),
                            "differing", told.differing()));
        }
        transaction.save(told);
        if (part.total().isPresent()
                && standing(transaction).orElseThrow().missing().isEmpty()) {
            transaction.finishRestoration(now);
        }
        return changed;
    }

    private static Map<String, Object> detail(Witness.Counts counts) {
        var detail = new LinkedHashMap<String, Object>();
        detail.put("revoked", counts.revoked());
        detail.put("suspended", counts.suspended());
        detail.put("superseded", counts.superseded());
        detail.put("adoptedCertificatesOf", counts.adopted());
        detail.put("devices", counts.devices());
        detail.put("fleets", counts.fleets());
        detail.put("differing", counts.differing());
        return detail;
    }

    private Optional<Standing> standing(View view) {
        return view.restoration().map(restoration -> {
            var witnesses = view.witnesses();
            var missing = view.brokers().stream()
                    .map(broker -> broker.name())
                    .filter(name -> witnesses.stream()
                            .noneMatch(witness -> witness.broker().equals(name)
                                    && witness.finishedAt().isPresent()))
                    .toList();
            return new Standing(restoration, restoration.open(clock.instant()), witnesses, missing);
        });
    }
}

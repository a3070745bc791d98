package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.domain.Reissue;
import io.gatehouse.enrollment.app.domain.ReissueProgress;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.enrollment.app.port.View;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.RefusalReason;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/**
 * Orders a whole fleet to renew, and tells how far that has come. The certificates are counted once for each order, outside of the
 * writer's thread; after that progress is read from one row, however large the fleet. Thread-safe.
 */
public final class Reissues {
    public static final Duration SHORTEST = Duration.ofSeconds(1);
    public static final Duration LONGEST = Duration.ofDays(366);

    private final Registry registry;
    private final InstantSource clock;

    public Reissues(Registry registry, InstantSource clock) {
        this.registry = registry;
        this.clock = clock;
    }

    /** Durable when it returns. A later order takes the place of an earlier one. */
    public Outcome<ReissueProgress> order(Actor actor, FleetName fleet, Duration within) {
        if (within.compareTo(SHORTEST) < 0 || within.compareTo(LONGEST) > 0) {
            return Outcome.refused(RefusalReason.BAD_REQUEST, "within: PT1S to P366D");
        }
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var order = new Reissue(now, now.plus(within));
        return registry.write(transaction -> Fleets.find(transaction, fleet).map(found -> {
                    transaction.reissues().start(fleet, order);
                    transaction.audit(
                            actor,
                            "fleet.reissue",
                            fleet.value(),
                            Map.of("until", order.until().toString()));
                    return found;
                }))
                .then(found -> progress(fleet))
                .map(progress -> progress.orElseGet(() -> new ReissueProgress(order, 0, 0)));
    }

    /** Of the last order to the fleet, when there was one. */
    public Outcome<Optional<ReissueProgress>> progress(FleetName fleet) {
        return registry.read(view -> Fleets.find(view, fleet).map(found -> read(view, fleet)))
                .map(reading -> reading.map(read -> {
                    if (!read.counted()) {
                        var progress = read.progress();
                        registry.write(transaction -> {
                            transaction.reissues().counted(fleet, progress.order(), read.total());
                            return true;
                        });
                    }
                    return read.progress();
                }));
    }

    private record Reading(ReissueProgress progress, boolean counted, long total) {}

    /** What has gone and come is of the same state as the count, so that the total is exact however long the count takes. */
    private static Optional<Reading> read(View view, FleetName fleet) {
        return view.reissues().of(fleet).map(kept -> {
            long total = kept.total().isPresent()
                    ? kept.total().getAsLong()
                    : view.reissues().countDue(fleet) + kept.gone() - kept.joined();
            var progress =
                    new ReissueProgress(kept.order(), total + kept.joined(), total - kept.gone() + kept.joined());
            return new Reading(progress, kept.total().isPresent(), total);
        });
    }
}

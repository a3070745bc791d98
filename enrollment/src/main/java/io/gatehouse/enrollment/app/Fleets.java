package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.Fleet;
import io.gatehouse.enrollment.app.domain.Listing;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.domain.Page;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.identity.FleetKind;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.policy.Policy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** Makes, shows and changes fleets. Thread-safe. */
public final class Fleets {
    public static final Duration DEFAULT_LIFETIME = Duration.ofDays(90);
    public static final Duration SHORTEST_LIFETIME = Duration.ofSeconds(5);

    public Fleets(Registry registry, InstantSource clock) {}

    /** A new fleet; what is empty takes its default. */
    public record NewFleet(
            FleetName name,
            FleetKind kind,
            Optional<Duration> lifetime,
            Optional<Integer> sessionsMax,
            Optional<Policy> policy) {}

    /** What is to change; empty stays. */
    public record Patch(Optional<Duration> lifetime, Optional<Integer> sessionsMax, Optional<Policy> policy) {}

    public Outcome<Fleet> create(Actor actor, NewFleet wanted) {
        return Soon.soon();
    }

    public Outcome<Listing<Fleet>> list(Page page) {
        return Soon.soon();
    }

    public Outcome<Fleet> get(FleetName name) {
        return Soon.soon();
    }

    public Outcome<Fleet> patch(Actor actor, FleetName name, Patch patch) {
        return Soon.soon();
    }

    public Outcome<Fleet> suspend(Actor actor, FleetName name) {
        return Soon.soon();
    }

    public Outcome<Fleet> resume(Actor actor, FleetName name) {
        return Soon.soon();
    }
}

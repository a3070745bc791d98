package io.gatehouse.agent.task;

import io.gatehouse.agent.Attempt;
import io.gatehouse.agent.ExitCode;
import io.gatehouse.agent.Failure;
import io.gatehouse.agent.mqtt.BrokerLink;
import io.gatehouse.agent.service.Standing;
import io.gatehouse.agent.state.Generation;
import io.gatehouse.agent.state.GenerationStore;
import io.gatehouse.identity.RefusalReason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Keeps the device connected, and its certificate fresh, until it is asked to stop. A refusal by the broker is confirmed by the service; a
 * device that the service calls revoked asks again once a day, because it may be reinstated; one that is decommissioned ends.
 */
public final class Run {
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
    private static final Duration TOMORROW = Duration.ofHours(24);
    private static final Duration TICK = Duration.ofSeconds(1);
    /** How often the disk is looked at for another identity. */
    private static final Duration LOOK = Duration.ofSeconds(5);
    /** After so many failures that look like the network's, the service is asked all the same. */
    private static final int ASK_EVERY = 4;
    /** A connection that stood this long was a good one. */
    private static final Duration STEADY = Duration.ofSeconds(30);

    private final GenerationStore store;
    private final LinkSettings link;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Consumer<String> events;
    private final Stop stop;
    private final BackOff connecting;
    private final Renewing renewing;
    private Instant askAgain = Instant.MIN;

    /** @param events one line for people for each thing that happens */
    public Run(
            GenerationStore store,
            LinkSettings link,
            InstantSource clock,
            RandomGenerator random,
            Consumer<String> events,
            Stop stop) {
        this.store = store;
        this.link = link;
        this.clock = clock;
        this.random = random;
        this.events = events;
        this.stop = stop;
        this.connecting = new BackOff(FIRST_WAIT, LONGEST_WAIT, random);
        this.renewing = new Renewing(store, new Renew(store, link, clock), clock, random, events);
    }

    /** Runs until asked to stop, or with {@code once} until the first connection has ended or could not be made. */
    public ExitCode run(boolean once) {
        while (!stop.isAsked()) {
            renewing.resume();
            var current = store.current();
            if (current.isEmpty()) {
                events.accept("there is no identity in " + store.root() + ": enroll first");
                return ExitCode.USAGE;
            }
            var generation = current.get();
            var ended = connection(generation);
            if (ended.isEmpty()) {
                continue;
            }
            var failure = ended.get();
            if (once || (failure.exit() == ExitCode.REVOKED && failure.is(RefusalReason.DECOMMISSIONED))) {
                return failure.exit();
            }
            pause(failure, generation);
        }
        return ExitCode.DONE;
    }

    /** Waits before the next attempt; another identity, as after a new claim, ends the wait. */
    private void pause(Failure failure, Generation generation) {
        var wait = failure.exit() == ExitCode.REVOKED
                ? TOMORROW.plusSeconds(random.nextLong(3600))
                : connecting.next(failure.retryAfter());
        events.accept("trying again in " + readable(wait));
        for (var left = wait; !left.isNegative() && isInUse(generation); left = left.minus(LOOK)) {
            if (stop.await(left.compareTo(LOOK) < 0 ? left : LOOK)) {
                return;
            }
        }
    }

    private boolean isInUse(Generation generation) {
        return store.current().map(Generation::number).orElse(0) == generation.number();
    }

    /** One connection from its beginning to its end: why it ended, or nothing when it is to be made anew at once. */
    private Optional<Failure> connection(Generation generation) {
        var device = new Device(generation, store, link, clock);
        var barred = barred(device);
        if (barred.isPresent()) {
            return Optional.of(told("not connected", barred.get()));
        }
        var linked = device.connect((topic, payload) -> {});
        if (linked instanceof Attempt.Failed<BrokerLink> failed) {
            var failure = connecting.failures() % ASK_EVERY == ASK_EVERY - 1
                    ? device.ask(failed.why())
                    : device.confirm(failed.why());
            return Optional.of(told("not connected", failure));
        }
        try (var held = linked.result().orElseThrow()) {
            events.accept("connected to " + held.address() + " as " + device.id());
            var since = clock.instant();
            var ended = hold(held, generation);
            if (Duration.between(since, clock.instant()).compareTo(STEADY) >= 0) {
                connecting.reset();
            }
            return ended.map(failure -> confirmed(device, failure));
        }
    }

    private Failure confirmed(Device device, Failure byBroker) {
        told("disconnected", byBroker);
        var failure = device.confirm(byBroker);
        return failure.equals(byBroker) ? failure : told("confirmed", failure);
    }

    /** Asks the service now and then: it may bar the device, move its window or name another broker; if it is away, never mind. */
    private Optional<Failure> barred(Device device) {
        if (clock.instant().isBefore(askAgain)) {
            return Optional.empty();
        }
        var standing = device.standing();
        standing.result().flatMap(Standing::window).ifPresent(window -> renewing.moved(device.generation(), window));
        var failure = standing.result()
                .flatMap(Standing::failure)
                .or(() -> standing.failure().filter(said -> said.source() == Failure.Source.SERVICE));
        askAgain = standing.result().isPresent() && failure.isEmpty() ? nextAsking() : Instant.MIN;
        return failure;
    }

    /** While it is connected: only the window matters, for a broker that holds the connection has heard what the service says. */
    private void askWhileConnected(Generation generation) {
        if (clock.instant().isBefore(askAgain)) {
            return;
        }
        var standing = new Device(generation, store, link, clock).standing();
        standing.result().flatMap(Standing::window).ifPresent(window -> renewing.moved(generation, window));
        renewing.watch(generation);
        askAgain = nextAsking();
    }

    private Instant nextAsking() {
        return clock.instant().plus(link.untilAsking(random));
    }

    /** Waits for the connection's end; nothing when we end it ourselves, to stop or to go on with another certificate. */
    private Optional<Failure> hold(BrokerLink held, Generation generation) {
        renewing.watch(generation);
        try {
            for (var ticks = 1L; !stop.isAsked(); ticks++) {
                var ended = held.awaitEnd(TICK);
                if (ended.isPresent()) {
                    return ended;
                }
                askWhileConnected(generation);
                if (renewing.isDue() && renewing.attempt(held::close)) {
                    return Optional.empty();
                }
                if (ticks % LOOK.toSeconds() == 0 && !isInUse(generation)) {
                    events.accept("another certificate is in use now");
                    return Optional.empty();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop.ask();
        }
        return Optional.empty();
    }

    private Failure told(String what, Failure failure) {
        events.accept(what + ": " + failure.message());
        return failure;
    }

    private static String readable(Duration wait) {
        return wait.compareTo(Duration.ofMinutes(2)) < 0 ? wait.toSeconds() + " s" : wait.toMinutes() + " min";
    }
}

package io.gatehouse.agent.task;

import io.gatehouse.agent.Attempt;
import io.gatehouse.agent.ExitCode;
import io.gatehouse.agent.Failure;
import io.gatehouse.agent.mqtt.BrokerAddress;
import io.gatehouse.agent.mqtt.BrokerLink;
import io.gatehouse.agent.state.Generation;
import io.gatehouse.agent.state.GenerationStore;
import io.gatehouse.identity.RefusalReason;
import java.time.Duration;
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
    /** A connection that stood this long was a good one. */
    private static final Duration STEADY = Duration.ofSeconds(30);

    private final GenerationStore store;
    private final Optional<BrokerAddress> broker;
    private final Device.LinkSettings link;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Consumer<String> events;
    private final Stop stop;
    private final BackOff connecting;
    private final Renewing renewing;

    /** @param events one line for people for each thing that happens */
    public Run(
            GenerationStore store,
            Optional<BrokerAddress> broker,
            Device.LinkSettings link,
            InstantSource clock,
            RandomGenerator random,
            Consumer<String> events,
            Stop stop) {
        this.store = store;
        this.broker = broker;
        this.link = link;
        this.clock = clock;
        this.random = random;
        this.events = events;
        this.stop = stop;
        this.connecting = new BackOff(FIRST_WAIT, LONGEST_WAIT, random);
        this.renewing = new Renewing(store, new Renew(store, broker, link, clock), clock, random, events);
    }

    /** Runs until asked to stop, or with {@code once} until the first connection has ended or could not be made. */
    public ExitCode run(boolean once) {
        while (!stop.isAsked()) {
            var current = store.current();
            if (current.isEmpty()) {
                events.accept("there is no identity in " + store.root() + ": enroll first");
                return ExitCode.USAGE;
            }
            renewing.resume();
            var ended = connection(store.current().orElse(current.get()));
            if (ended.isEmpty()) {
                continue;
            }
            var failure = ended.get();
            if (once || (failure.exit() == ExitCode.REVOKED && failure.is(RefusalReason.DECOMMISSIONED))) {
                return failure.exit();
            }
            var wait = failure.exit() == ExitCode.REVOKED
                    ? TOMORROW.plusSeconds(random.nextLong(3600))
                    : connecting.next(failure.retryAfter());
            events.accept("trying again in " + readable(wait));
            stop.await(wait);
        }
        return ExitCode.DONE;
    }

    /** One connection from its beginning to its end: why it ended, or nothing when it is to be made anew at once. */
    private Optional<Failure> connection(Generation generation) {
        var device = new Device(generation, broker, link, clock);
        var address = address(device);
        if (address instanceof Attempt.Failed<BrokerAddress> failed) {
            return told("not connected", failed.why());
        }
        var to = address.result().orElseThrow();
        var linked = device.connect(to, (topic, payload) -> {});
        if (linked instanceof Attempt.Failed<BrokerLink> failed) {
            return told("not connected", device.confirm(failed.why()));
        }
        try (var held = linked.result().orElseThrow()) {
            events.accept("connected to " + to + " as " + device.id());
            var since = clock.instant();
            var ended = hold(held, generation);
            if (Duration.between(since, clock.instant()).compareTo(STEADY) >= 0) {
                connecting.reset();
            }
            return ended.isEmpty() ? Optional.empty() : told("disconnected", device.confirm(ended.get()));
        }
    }

    /** The broker's address; what the service says of the renewal window on the way is kept. */
    private Attempt<BrokerAddress> address(Device device) {
        var standing = device.service().standing();
        standing.result()
                .flatMap(said -> said.window())
                .ifPresent(window -> renewing.moved(device.generation(), window));
        if (broker.isPresent() && standing.failure().isPresent()) {
            // the service is away: a broker that we know may still let us in
            return Attempt.done(broker.get());
        }
        return standing.then(device::brokerOf).map(named -> broker.orElse(named));
    }

    /** Waits for the connection's end; nothing when we end it ourselves, to stop or to go on with another certificate. */
    private Optional<Failure> hold(BrokerLink held, Generation generation) {
        try {
            while (!stop.isAsked()) {
                var ended = held.awaitEnd(TICK);
                if (ended.isPresent()) {
                    return ended;
                }
                if (renewing.isDue() && renewing.attempt(held::close)) {
                    return Optional.empty();
                }
                if (store.current().map(Generation::number).orElse(0) != generation.number()) {
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

    private Optional<Failure> told(String what, Failure failure) {
        events.accept(what + ": " + failure.message());
        return Optional.of(failure);
    }

    private static String readable(Duration wait) {
        return wait.compareTo(Duration.ofMinutes(2)) < 0 ? wait.toSeconds() + " s" : wait.toMinutes() + " min";
    }
}

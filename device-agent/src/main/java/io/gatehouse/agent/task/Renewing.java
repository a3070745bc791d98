package io.gatehouse.agent.task;

import io.gatehouse.agent.Attempt;
import io.gatehouse.agent.state.Generation;
import io.gatehouse.agent.state.GenerationStore;
import io.gatehouse.agent.state.RenewalWindow;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Renews at a moment drawn from the window, and after a failure again with growing waits. Not thread-safe. */
final class Renewing {
    private static final Duration FIRST_WAIT = Duration.ofMinutes(1);
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private final GenerationStore store;
    private final Renew renew;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Consumer<String> events;
    private final BackOff failing;
    private Optional<Moment> moment = Optional.empty();
    private Instant notBefore = Instant.MIN;

    /** The moment that was drawn for a generation's window. */
    private record Moment(int generation, RenewalWindow window, Instant at) {}

    Renewing(GenerationStore store, Renew renew, InstantSource clock, RandomGenerator random, Consumer<String> events) {
        this.store = store;
        this.renew = renew;
        this.clock = clock;
        this.random = random;
        this.events = events;
        this.failing = new BackOff(FIRST_WAIT, LONGEST_WAIT, random);
    }

    /** The service's window for this generation. */
    void moved(Generation generation, RenewalWindow window) {
        if (!generation.window().equals(window)) {
            store.window(generation, window);
        }
    }

    /** Reads when this generation is to be renewed, and remembers it. */
    void watch(Generation generation) {
        var window = generation.window();
        var known = moment.filter(each ->
                each.generation() == generation.number() && each.window().equals(window));
        moment = Optional.of(known.orElseGet(() -> new Moment(generation.number(), window, draw(window))));
    }

    private Instant draw(RenewalWindow window) {
        var length = Duration.between(window.from(), window.until()).toMillis();
        return window.from().plusMillis(random.nextLong(length + 1));
    }

    /** Whether the moment of the watched generation has come. */
    boolean isDue() {
        return reached(notBefore) && moment.filter(each -> reached(each.at())).isPresent();
    }

    private boolean reached(Instant time) {
        return !clock.instant().isBefore(time);
    }

    /** Goes on with a renewal that was cut off, or begins one that is due, before a connection is made. */
    void resume() {
        var current = store.current();
        current.ifPresent(this::watch);
        var begun = store.staged().filter(staged -> staged.purpose().renewal()).isPresent();
        var urgent = current.filter(generation ->
                        reached(generation.certificate().getNotAfter().toInstant()))
                .isPresent();
        if ((begun && (urgent || reached(notBefore))) || isDue()) {
            attempt(() -> {});
        }
    }

    /** Renews; lets go of the connection only when the successor is there to be proven. Answers whether it let go. */
    boolean attempt(Runnable letGo) {
        try (var lock = store.lock().orElse(null)) {
            if (lock == null) {
                return false;
            }
            var obtained = renew.obtain(false);
            if (obtained instanceof Attempt.Failed<Generation> failed) {
                failed(failed);
                return false;
            }
            letGo.run();
            var proven = obtained.then(renew::prove);
            if (proven instanceof Attempt.Failed<Generation> failed) {
                failed(failed);
            } else {
                proven.result().ifPresent(this::succeeded);
            }
            return true;
        }
    }

    private void succeeded(Generation successor) {
        failing.reset();
        var certificate = successor.certificate();
        var lifetime = Duration.between(
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant());
        // a window that has always come already must not make a renewal follow a renewal
        var tenth = lifetime.dividedBy(10);
        notBefore = clock.instant().plus(tenth.compareTo(LONGEST_WAIT) < 0 ? tenth : LONGEST_WAIT);
        events.accept(
                "renewed: certificate valid until " + certificate.getNotAfter().toInstant());
    }

    private void failed(Attempt.Failed<Generation> failed) {
        var wait = failing.next(failed.why().retryAfter());
        notBefore = clock.instant().plus(wait);
        events.accept(
                "not renewed: " + failed.why().message() + "; again in " + Math.max(1, wait.toMinutes()) + " min");
    }
}

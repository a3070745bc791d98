package io.gatehouse.agent.task;

import io.gatehouse.agent.Attempt;
import io.gatehouse.agent.Failure;
import io.gatehouse.agent.mqtt.BrokerLink;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Receives messages on a connection of its own. */
public final class Subscribe {
    private static final Duration TICK = Duration.ofMillis(200);

    private final Device device;
    private final BrokerLink.Inbox inbox;
    private final Runnable granted;
    private final Stop stop;

    /** @param granted called once, when the broker has granted the subscription */
    public Subscribe(Device device, BrokerLink.Inbox inbox, Runnable granted, Stop stop) {
        this.device = device;
        this.inbox = inbox;
        this.granted = granted;
        this.stop = stop;
    }

    /** What to receive: ends after so many messages, or after that time. */
    public record Order(String filter, int qos, int count, Optional<Duration> time) {}

    /** Done when there were as many messages as asked for, or none were and the time is over, or it was stopped. */
    public Attempt<Attempt.Unit> run(Order order) {
        var received = new AtomicInteger();
        var linked = device.connect((topic, payload) -> {
            if (received.incrementAndGet() <= order.count()) {
                inbox.accept(topic, payload);
            }
        });
        if (linked instanceof Attempt.Failed<BrokerLink> failed) {
            return Attempt.failed(device.confirm(failed.why()));
        }
        try (var link = linked.result().orElseThrow()) {
            var subscribed = link.subscribe(order.filter(), order.qos());
            if (subscribed instanceof Attempt.Failed<Attempt.Unit> failed) {
                return Attempt.failed(failed.why());
            }
            granted.run();
            return receive(link, order, received);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Attempt.failed(Failure.passing("interrupted"));
        }
    }

    private Attempt<Attempt.Unit> receive(BrokerLink link, Order order, AtomicInteger received)
            throws InterruptedException {
        var start = System.nanoTime();
        while (!stop.isAsked() && received.get() < order.count()) {
            var ended = link.awaitEnd(TICK);
            if (ended.isPresent()) {
                return Attempt.failed(device.confirm(ended.get()));
            }
            var waited = Duration.ofNanos(System.nanoTime() - start);
            if (order.time().filter(time -> waited.compareTo(time) >= 0).isPresent()) {
                return order.count() == Integer.MAX_VALUE
                        ? Attempt.done()
                        : Attempt.failed(Failure.passing(received.get() + " of " + order.count() + " messages within "
                                + order.time().get()));
            }
        }
        return Attempt.done();
    }
}

package io.gatehouse.broker.fakes;

import io.gatehouse.broker.control.BrokerControl;
import io.gatehouse.identity.RefusalReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A broker that notes what it is told. Sockets close at once unless a test holds them open. */
public final class FakeControl implements BrokerControl {
    public final List<String> log = new CopyOnWriteArrayList<>();
    public final Set<String> sessions = ConcurrentHashMap.newKeySet();
    public final Set<String> connected = ConcurrentHashMap.newKeySet();
    /** Pending wills, which a disconnect drops. */
    public final Set<String> wills = ConcurrentHashMap.newKeySet();
    /** Wills of connections that broke just now: they are noted only after the next disconnect. */
    public final Set<String> willsOnTheirWay = ConcurrentHashMap.newKeySet();

    public final Map<String, Set<Subscription>> subscriptions = new ConcurrentHashMap<>();
    public final List<CompletableFuture<Boolean>> held = new ArrayList<>();
    /** How often the disk was asked for a session. */
    public final AtomicInteger looks = new AtomicInteger();
    /** A thread of callbacks, which must not ask. */
    public volatile Thread callback;

    public volatile boolean holdSockets;
    public volatile boolean fails;

    @Override
    public CompletionStage<Boolean> disconnect(String clientId, RefusalReason reason) {
        log.add("disconnect " + clientId + " " + reason);
        wills.remove(clientId);
        if (willsOnTheirWay.remove(clientId)) {
            wills.add(clientId);
        }
        var closed = new CompletableFuture<Boolean>();
        if (holdSockets) {
            held.add(closed);
        } else {
            closed.complete(true);
        }
        return closed;
    }

    @Override
    public CompletionStage<Void> purge(String clientId) {
        if (connected.contains(clientId)) {
            throw new AssertionError("HiveMQ would bring the will back");
        }
        log.add("purge " + clientId);
        if (fails) {
            return CompletableFuture.failedFuture(new IllegalStateException("disk"));
        }
        sessions.remove(clientId);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public boolean connected(String clientId) {
        return connected.contains(clientId);
    }

    @Override
    public boolean hasSession(String clientId) {
        if (Thread.currentThread() == callback) {
            throw new AssertionError("the broker's disk is read in a callback");
        }
        looks.incrementAndGet();
        return sessions.contains(clientId);
    }

    @Override
    public CompletionStage<Set<Subscription>> subscriptions(String clientId) {
        return fails
                ? CompletableFuture.failedFuture(new IllegalStateException("disk"))
                : CompletableFuture.completedFuture(subscriptions.getOrDefault(clientId, Set.of()));
    }

    @Override
    public CompletionStage<Void> unsubscribe(String clientId, Set<String> filters) {
        log.add("unsubscribe " + clientId + " " + filters);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> eachSession(Consumer<String> clientId) {
        sessions.forEach(clientId);
        return CompletableFuture.completedFuture(null);
    }
}

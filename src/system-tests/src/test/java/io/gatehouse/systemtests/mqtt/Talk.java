package io.gatehouse.systemtests.mqtt;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One connection of a client, which does its {@link Act} by itself and stays until it is closed. Events may come from any thread. */
final class Talk implements AutoCloseable {
    private static final long SECONDS = 20;

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final StringBuilder told = new StringBuilder();
    private volatile Runnable leaving = () -> {};

    /** For the client: something was heard. */
    void hear(Event event) {
        events.add(event);
    }

    /** For the client: how to end this. */
    void onClose(Runnable leave) {
        this.leaving = leave;
    }

    /** The next event of that kind, or the first that ends the connection before; fails when neither comes. */
    Event await(Event.Kind kind) {
        try {
            while (true) {
                Event event = events.poll(SECONDS, TimeUnit.SECONDS);
                if (event == null) {
                    throw new AssertionError("no " + kind + " within " + SECONDS + " s, heard:" + told);
                }
                told.append(' ').append(event);
                if (event.kind() == kind || event.ends()) {
                    return event;
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    /** How the broker ends the connection. */
    Event awaitEnd() {
        return await(Event.Kind.DISCONNECT);
    }

    /** The next message, as topic, space, payload. */
    String awaitMessage() {
        Event event = await(Event.Kind.PUBLISH);
        if (event.kind() != Event.Kind.PUBLISH) {
            throw new AssertionError("no message, but:" + told);
        }
        return event.text();
    }

    @Override
    public void close() {
        leaving.run();
    }
}

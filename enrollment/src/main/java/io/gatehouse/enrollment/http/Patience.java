package io.gatehouse.enrollment.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Closes connections whose peer is too slow: an idle timeout alone is fed by one byte now and then. A connection waits from its
 * opening (so the handshake counts) or from its last answer until the head of the next request is whole; and an answer must be
 * taken within some times that long. When three quarters of the connections are taken, waiting gets short. Thread-safe.
 */
final class Patience extends AbstractLifeCycle implements Connection.Listener {
    private static final long SHORT_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final int FOR_AN_ANSWER = 10;

    private enum Doing {
        WAITING,
        WORKING,
        ANSWERING
    }

    private record Now(Doing doing, long since) {}

    private final Map<Connection, Now> connections = new ConcurrentHashMap<>();
    private final Scheduler scheduler;
    private final long nanos;
    private final int crowded;

    Patience(PortSettings settings) {
        this.scheduler = new ScheduledExecutorScheduler(settings.name() + "-patience", true);
        this.nanos = settings.patience().toNanos();
        this.crowded = settings.connections() / 4 * 3;
    }

    /** A request is here; what happens now is not the peer's doing. Also for a stream, whose writer has its own time limit. */
    void working(Connection connection) {
        connections.replace(connection, new Now(Doing.WORKING, System.nanoTime()));
    }

    /** The answer is on its way: the peer has to take it. */
    void answering(Connection connection) {
        connections.replace(connection, new Now(Doing.ANSWERING, System.nanoTime()));
    }

    void waiting(Connection connection) {
        connections.replace(connection, new Now(Doing.WAITING, System.nanoTime()));
    }

    /** Runs the task on a thread of its own after the patience; cancel it when it is not needed. */
    Scheduler.Task afterPatience(Runnable task) {
        return scheduler.schedule(task, nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void onOpened(Connection connection) {
        // TLS and HTTP each have a connection object; HTTP's is there from the accept on.
        if (connection instanceof HttpConnection) {
            connections.put(connection, new Now(Doing.WAITING, System.nanoTime()));
        }
    }

    @Override
    public void onClosed(Connection connection) {
        connections.remove(connection);
    }

    @Override
    protected void doStart() throws Exception {
        scheduler.start();
        scheduler.schedule(this::sweep, 1, TimeUnit.SECONDS);
        super.doStart();
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        scheduler.stop();
    }

    private void sweep() {
        long at = System.nanoTime();
        long waiting = connections.size() >= crowded ? Math.min(SHORT_NANOS, nanos) : nanos;
        connections.forEach((connection, now) -> {
            long most = switch (now.doing()) {
                case WAITING -> waiting;
                case WORKING -> Long.MAX_VALUE;
                case ANSWERING -> nanos * FOR_AN_ANSWER;
            };
            if (at - now.since() > most) {
                abandon(connection);
            }
        });
        if (!isStopping() && !isStopped()) {
            scheduler.schedule(this::sweep, 1, TimeUnit.SECONDS);
        }
    }

    /** Closes the socket itself: a TLS close_notify to a peer that reads nothing could wait again. */
    private static void abandon(Connection connection) {
        EndPoint endPoint = connection.getEndPoint();
        (endPoint instanceof EndPoint.Wrapper wrapped ? wrapped.unwrap() : endPoint).close();
    }
}

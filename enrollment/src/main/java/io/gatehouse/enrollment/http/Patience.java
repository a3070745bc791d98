package io.gatehouse.enrollment.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Closes connections whose next request does not come: an idle timeout alone is fed by one byte now and then. A connection waits
 * from its opening (so the handshake counts) or from its last answer until the head of the next request is whole. When three
 * quarters of the connections are taken, waiting gets short. Thread-safe.
 */
final class Patience extends AbstractLifeCycle implements Connection.Listener {
    private static final long BUSY = Long.MIN_VALUE;
    private static final long SHORT_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final Map<Connection, Long> waitingSince = new ConcurrentHashMap<>();
    private final Scheduler scheduler;
    private final long nanos;
    private final int crowded;

    Patience(PortSettings settings) {
        this.scheduler = new ScheduledExecutorScheduler(settings.name() + "-patience", true);
        this.nanos = settings.patience().toNanos();
        this.crowded = settings.connections() / 4 * 3;
    }

    void busy(Connection connection) {
        waitingSince.replace(connection, BUSY);
    }

    void waiting(Connection connection) {
        waitingSince.replace(connection, System.nanoTime());
    }

    /** Runs the task on a thread of its own after the given share of the patience; cancel it when it is not needed. */
    Scheduler.Task afterPatience(Runnable task) {
        return scheduler.schedule(task, nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void onOpened(Connection connection) {
        if (speaksHttp(connection)) {
            waitingSince.put(connection, System.nanoTime());
        }
    }

    @Override
    public void onClosed(Connection connection) {
        waitingSince.remove(connection);
    }

    private static boolean speaksHttp(Connection connection) {
        return connection instanceof org.eclipse.jetty.server.internal.HttpConnection;
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
        long now = System.nanoTime();
        long most = waitingSince.size() >= crowded ? Math.min(SHORT_NANOS, nanos) : nanos;
        waitingSince.forEach((connection, since) -> {
            if (since != BUSY && now - since > most) {
                abandon(connection);
            }
        });
        if (isRunning()) {
            scheduler.schedule(this::sweep, 1, TimeUnit.SECONDS);
        }
    }

    /** Closes the socket itself: a TLS close_notify to a peer that reads nothing could wait again. */
    private static void abandon(Connection connection) {
        EndPoint endPoint = connection.getEndPoint();
        (endPoint instanceof EndPoint.Wrapper wrapped ? wrapped.unwrap() : endPoint).close();
    }
}

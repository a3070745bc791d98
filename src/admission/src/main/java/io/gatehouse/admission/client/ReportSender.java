package io.gatehouse.admission.client;

import io.gatehouse.admission.feed.Report;
import io.gatehouse.admission.feed.ReportCodec;
import io.gatehouse.identity.Fingerprint;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends reports on a thread of its own, over a connection that is kept open. What is enforced and durable leaves at once; what devices do
 * leaves at once after a pause, and otherwise together with what else they do within {@link #PACE_NANOS}.
 */
final class ReportSender implements ReportClient, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReportSender.class);
    private static final String TARGET = "/admission/v1/reports";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long IDLE_MILLIS = 10_000;
    /** A fleet that storms back opens hundreds of sessions a second, and a report costs both sides much more than a line in it. */
    private static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final int MOST_ITEMS = 400;

    private final Services services;
    private final Enforcement enforcement;
    private final Backoff backoff;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition urgent = lock.newCondition();
    private final LiveSessions sessions = new LiveSessions();
    private final Thread thread = new Thread(this::run, "gatehouse-reports");

    private volatile boolean closed;
    private volatile Optional<String> problem = Optional.empty();
    private volatile @Nullable Connection connection;
    private long acknowledged = -1;
    private long sentAt = System.nanoTime() - PACE_NANOS;
    private boolean retryNow;
    private int turn;

    ReportSender(Services services, Enforcement enforcement, Backoff backoff) {
        this.services = services;
        this.enforcement = enforcement;
        this.backoff = backoff;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    Optional<String> problem() {
        return problem;
    }

    @Override
    public void opened(Report.Opened session) {
        var bounded = Bounded.of(session);
        change(() -> sessions.opened(bounded));
    }

    @Override
    public void closed(Report.Closed session) {
        var bounded = Bounded.of(session);
        change(() -> sessions.closed(bounded));
    }

    @Override
    public void refused(Report.Refused refusal) {
        var bounded = Bounded.of(refusal);
        change(() -> sessions.refused(bounded));
    }

    @Override
    public void enforced(long revision, int closedSessions) {
        enforcement.enforced(revision, closedSessions);
        wake();
    }

    @Override
    public void admitted(Fingerprint certificate) {
        change(() -> sessions.admitted(certificate));
    }

    @Override
    public void status(Report.Status status) {
        var bounded = Bounded.of(status);
        change(() -> sessions.status(bounded));
    }

    /** Something besides the sessions changed: what is durable, or where the directory stands. */
    void wake() {
        change(urgent::signal);
    }

    /** The service is there: do not wait any longer. */
    void retry() {
        change(() -> retryNow = true);
    }

    @Override
    public void close() {
        closed = true;
        wake();
        var open = connection;
        if (open != null) {
            open.close();
        }
        thread.interrupt();
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        while (!closed) {
            try {
                awaitNews();
                send();
                backoff.reset();
            } catch (IOException | RuntimeException e) {
                failed(e);
            } catch (InterruptedException e) {
                break;
            }
        }
        disconnect();
    }

    /** Returns when there is something to report, or when it is time to say that this broker lives. */
    private void awaitNews() throws InterruptedException {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(IDLE_MILLIS);
            while (enforcement.epoch().isEmpty() || (nothingNew() && left > 0)) {
                left = changed.awaitNanos(Math.max(left, TimeUnit.SECONDS.toNanos(1)));
            }
            long early = PACE_NANOS - (System.nanoTime() - sentAt);
            while (early > 0 && !isUrgent() && !closed) {
                early = urgent.awaitNanos(early);
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean nothingNew() {
        return sessions.isEmpty() && !isUrgent();
    }

    /** Somebody waits for the answer to a revocation. */
    private boolean isUrgent() {
        return enforcement.acknowledged() != acknowledged
                || !enforcement.closings().isEmpty();
    }

    private void send() throws IOException, InterruptedException {
        if (turn != services.turn()) {
            // The feed has gone to another instance; whatever made it go, the reports follow.
            disconnect();
        }
        if (connection == null) {
            turn = services.turn();
            connection = services.connect(turn);
            change(sessions::beginAnew);
        }
        String epoch = enforcement.epoch();
        long upTo = enforcement.acknowledged();
        var closings = enforcement.closings();
        var news = sessionsNews(epoch, upTo, closings);
        sentAt = System.nanoTime();
        var answer = post(news.body());
        if (answer == 409) {
            // Another epoch: the feed finds out too. Not known how much the service still knows.
            change(sessions::beginAnew);
            throw new ProtocolException("the service is at another epoch");
        }
        if (answer != 204 && answer != 200) {
            LOG.warn("the service did not take a report: {}; it is dropped", problem.orElse(""));
        } else {
            problem = Optional.empty();
        }
        change(() -> sessions.reported(news.news()));
        enforcement.reported(closings);
        acknowledged = upTo;
    }

    private int post(byte[] body) throws IOException, InterruptedException {
        var open = connection;
        if (open == null || closed) {
            throw new ProtocolException("closed");
        }
        open.patience(PATIENCE);
        var answer = open.post(TARGET, "application/json", body);
        boolean reusable = answer.finish();
        if (answer.status() != 204 && answer.status() != 200) {
            problem = Optional.of(answer.problem());
        }
        if (!reusable) {
            disconnect();
        }
        if (answer.status() == 401 || answer.status() == 403 || answer.status() == 429 || answer.status() >= 500) {
            throw new ProtocolException(answer.problem());
        }
        return answer.status();
    }

    @SuppressWarnings("ArrayRecordComponent") // handed on once
    private record Prepared(LiveSessions.News news, byte[] body) {}

    /** As much news as fits. */
    private Prepared sessionsNews(String epoch, long upTo, List<Report.Enforced> closings) {
        for (int most = MOST_ITEMS; ; most /= 2) {
            LiveSessions.News news = news(most);
            byte[] body = ReportCodec.write(new Report(
                    epoch,
                    upTo,
                    news.full(),
                    news.opened(),
                    news.closed(),
                    news.refused(),
                    closings,
                    news.admitted(),
                    news.status()));
            if (body.length <= Report.MAX_BYTES || most == 1) {
                return new Prepared(news, body);
            }
        }
    }

    private LiveSessions.News news(int most) {
        lock.lock();
        try {
            return sessions.news(most);
        } finally {
            lock.unlock();
        }
    }

    private void failed(Exception e) {
        disconnect();
        if (closed) {
            return;
        }
        String now = "reports: " + Problems.of(e);
        if (!problem.equals(Optional.of(now))) {
            LOG.warn("{}", now);
        }
        problem = Optional.of(now);
        services.tryAnother(turn);
        pause();
    }

    private void pause() {
        lock.lock();
        try {
            retryNow = false;
            long left = backoff.next().toNanos();
            while (!retryNow && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void disconnect() {
        var open = connection;
        connection = null;
        if (open != null) {
            open.close();
        }
    }
}

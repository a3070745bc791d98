package io.gatehouse.admission.client;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.admission.feed.FeedCodec;
import io.gatehouse.admission.feed.FeedLine;
import io.gatehouse.admission.feed.Parsed;
import io.gatehouse.admission.replica.Applied;
import io.gatehouse.admission.replica.Position;
import io.gatehouse.admission.replica.Replica;
import io.gatehouse.admission.replica.Snapshot;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the replica fed, on one thread: asks for what comes after its position, applies each line as it arrives, and tells the listener.
 * Reconnects with a jittered pause; three missed heartbeats count as a dead connection. What it does not understand, a hole, or another
 * epoch makes it ask for a snapshot.
 */
final class FeedClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FeedClient.class);
    /** A service that is there answers at once, whatever it answers. */
    private static final Duration HEAD = Duration.ofSeconds(5);
    /**
     * A snapshot of a large directory is written to a file before it leaves: seconds for a million devices, but who gives up too early
     * on a busy machine begins anew and never has it.
     */
    private static final Duration FIRST_LINE = Duration.ofMinutes(5);

    private static final int MISSED_HEARTBEATS = 3;

    private final Services services;
    private final Replica replica;
    private final Enforcement enforcement;
    private final DirectoryListener listener;
    private final InstantSource clock;
    private final Backoff backoff;
    private final Runnable whenConnected;
    private final Thread thread = new Thread(this::run, "gatehouse-feed");

    private volatile boolean closed;
    private volatile boolean connected;
    private volatile Optional<String> problem = Optional.empty();
    private volatile @Nullable Connection connection;
    private boolean snapshotWanted;
    private int turn;
    private @Nullable Position testified;

    FeedClient(
            Services services,
            Replica replica,
            Enforcement enforcement,
            DirectoryListener listener,
            InstantSource clock,
            Backoff backoff,
            Runnable whenConnected) {
        this.services = services;
        this.replica = replica;
        this.enforcement = enforcement;
        this.listener = listener;
        this.clock = clock;
        this.backoff = backoff;
        this.whenConnected = whenConnected;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    boolean isConnected() {
        return connected;
    }

    Optional<String> problem() {
        return problem;
    }

    @Override
    public void close() {
        closed = true;
        var open = connection;
        if (open != null) {
            open.close();
        }
        thread.interrupt();
        try {
            thread.join(3_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        replica.found().ifPresent(this::tell);
        while (!closed) {
            try {
                if (session()) {
                    continue;
                }
            } catch (IOException | RuntimeException | Error e) {
                // An error too, such as too little memory: a feed that ended silently would leave the broker blind.
                failed(e);
            }
            replica.alone();
            pause();
        }
    }

    /** One connection; true when the next should follow at once. */
    private boolean session() throws IOException {
        turn = services.turn();
        try (var open = services.connect(turn)) {
            connection = open;
            if (closed) {
                return false;
            }
            open.patience(HEAD);
            Instant asked = clock.instant();
            long askedNanos = System.nanoTime();
            var answer = open.get(target(), "Accept-Encoding: gzip");
            open.patience(FIRST_LINE);
            if (isAskedBy(answer)) {
                return testify(open, answer);
            }
            if (answer.status() != 200) {
                throw new ProtocolException(answer.problem());
            }
            var lines = new LineReader(body(answer));
            var first = lines.next() ? parse(lines) : null;
            if (first instanceof FeedLine.SnapshotBegin begin) {
                snapshot(new Snapshot(begin, asked, Duration.ofNanos(System.nanoTime() - askedNanos)), begin, lines);
                return true;
            }
            if (first instanceof FeedLine.Hello hello) {
                live(hello, open, lines);
                return false;
            }
            throw new ProtocolException("the feed did not begin with hello or snapshot");
        } finally {
            connected = false;
            connection = null;
        }
    }

    /** Whether a restored service wants to hear first what this broker knows of the epoch that both were in. */
    private boolean isAskedBy(Answer answer) {
        var epoch = answer.headers().get("gatehouse-witness");
        return answer.status() == 409
                && epoch != null
                && !snapshotWanted
                && replica.position().map(Position::epoch).equals(Optional.of(epoch));
    }

    /** True when the next connection should follow at once: then the service has a directory for us that holds what we know. */
    private boolean testify(Connection open, Answer asked) throws IOException {
        var position = replica.position().orElseThrow();
        if (!asked.finish()) {
            throw new ProtocolException(asked.problem());
        }
        LOG.warn("the service was restored; telling it what is known here up to revision {}", position.revision());
        Testimony.give(open, replica, position);
        boolean first = !position.equals(testified);
        testified = position;
        return first;
    }

    private String target() {
        var position = snapshotWanted ? Optional.<Position>empty() : replica.position();
        return "/admission/v1/feed?version=" + FeedLine.VERSION
                + position.map(p -> "&epoch=" + URLEncoder.encode(p.epoch(), StandardCharsets.UTF_8) + "&after="
                                + p.revision())
                        .orElse("");
    }

    private static InputStream body(Answer answer) throws IOException {
        boolean gzip = "gzip".equalsIgnoreCase(answer.headers().get("content-encoding"));
        return gzip ? new GZIPInputStream(answer.body(), 1 << 16) : answer.body();
    }

    private void snapshot(Snapshot snapshot, FeedLine.SnapshotBegin begin, LineReader lines) throws IOException {
        requireVersion(begin.version());
        requireNoStepBack(begin);
        while (lines.next()) {
            var line = parse(lines);
            if (line instanceof Entry entry) {
                snapshot.add(entry);
            } else if (line instanceof FeedLine.SnapshotEnd end && snapshot.isWhole(end)) {
                snapshotWanted = false;
                tell(replica.replace(snapshot));
                LOG.info(
                        "the directory is at revision {} of epoch {}, from a snapshot",
                        begin.revision(),
                        begin.epoch());
                return;
            } else {
                throw new ProtocolException("a snapshot that is not whole");
            }
        }
        throw new ProtocolException("a snapshot without its end");
    }

    private void live(FeedLine.Hello hello, Connection open, LineReader lines) throws IOException {
        requireVersion(hello.version());
        var position = replica.position().orElseThrow(() -> new ProtocolException("changes of an unknown directory"));
        if (!hello.epoch().equals(position.epoch()) || hello.revision() < position.revision()) {
            wantSnapshot("the service is at another position than it said");
            return;
        }
        open.patience(hello.heartbeat().multipliedBy(MISSED_HEARTBEATS));
        connected = true;
        whenConnected.run();
        if (hello.revision() == position.revision()) {
            works();
        }
        while (!snapshotWanted && lines.next()) {
            var parsed = FeedCodec.read(lines.buffer(), lines.offset(), lines.length());
            if (parsed instanceof Parsed.Value<FeedLine> value) {
                take(value.value(), lines);
            } else {
                wantSnapshot(parsed instanceof Parsed.UnknownKind<FeedLine> ? "an unknown kind of line" : "a bad line");
            }
        }
    }

    private void take(FeedLine line, LineReader lines) throws IOException {
        long reached = replica.position().map(Position::revision).orElse(0L);
        if (line instanceof FeedLine.Change change && change.revision() == reached + 1) {
            tell(replica.apply(change, lines.copy()));
            works();
        } else if (line instanceof FeedLine.Heartbeat heartbeat && heartbeat.revision() == reached) {
            works();
        } else {
            wantSnapshot("a hole in the revisions");
        }
    }

    private void tell(Applied applied) {
        replica.position().ifPresent(position -> enforcement.applied(position.epoch(), applied));
        try {
            listener.onChange(applied);
        } catch (RuntimeException e) {
            // The listener's bug must not stop the feed; the revision stays unacknowledged.
            LOG.error("revision {} was not enforced", applied.revision(), e);
        }
    }

    private FeedLine parse(LineReader lines) throws IOException {
        var parsed = FeedCodec.read(lines.buffer(), lines.offset(), lines.length());
        if (parsed instanceof Parsed.Value<FeedLine> value) {
            return value.value();
        }
        throw new ProtocolException("a line of the feed that cannot be read");
    }

    private static void requireVersion(int version) throws ProtocolException {
        if (version != FeedLine.VERSION) {
            throw new ProtocolException("the service speaks version " + version + " of the feed, not 1");
        }
    }

    /** Within an epoch nothing that was committed is ever taken back; a service that does it lost revocations. */
    private void requireNoStepBack(FeedLine.SnapshotBegin begin) throws ProtocolException {
        var position = replica.position();
        if (position.isPresent()
                && position.get().epoch().equals(begin.epoch())
                && position.get().revision() > begin.revision()) {
            throw new ProtocolException("the service went back from revision "
                    + position.get().revision() + " to " + begin.revision() + "; a restore must begin a new epoch");
        }
    }

    private void wantSnapshot(String why) {
        LOG.warn("asking for a snapshot: {}", why);
        problem = Optional.of(why);
        snapshotWanted = true;
    }

    /** What the service said fits: this revision is current. */
    private void works() {
        replica.contact();
        backoff.reset();
        if (problem.isPresent()) {
            LOG.info("the feed works again");
            problem = Optional.empty();
        }
    }

    private void failed(Throwable e) {
        if (closed) {
            return;
        }
        String now = Problems.of(e);
        if (!problem.equals(Optional.of(now))) {
            LOG.warn("the feed: {}", now);
        }
        problem = Optional.of(now);
        services.tryAnother(turn);
    }

    private void pause() {
        try {
            if (!closed) {
                Thread.sleep(backoff.next().toMillis());
            }
        } catch (InterruptedException e) {
            // Only close interrupts, and it has said so.
            return;
        }
    }
}

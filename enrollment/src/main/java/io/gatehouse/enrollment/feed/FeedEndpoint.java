package io.gatehouse.enrollment.feed;

import io.gatehouse.admission.feed.FeedLine;
import io.gatehouse.enrollment.app.FeedHub;
import io.gatehouse.enrollment.app.Restorations;
import io.gatehouse.enrollment.app.port.View.Position;
import io.gatehouse.enrollment.http.Answer;
import io.gatehouse.enrollment.http.Header;
import io.gatehouse.enrollment.http.Request;
import io.gatehouse.enrollment.http.Route;
import io.gatehouse.enrollment.http.Unreadable;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.identity.RefusalReason;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code GET /admission/v1/feed}: a snapshot that ends, for a broker without a position that is kept; else the changes since and
 * every change to come, each line on its way as soon as it is committed, and a heartbeat when nothing changes.
 */
public final class FeedEndpoint {
    /** How long a stream is silent at most. */
    static final Duration HEARTBEAT = Duration.ofSeconds(2);

    private static final String NDJSON = "application/x-ndjson";

    /** Names the epoch of which a restored service wants to hear more, before it gives anything. */
    static final String WITNESS = "Gatehouse-Witness";

    private final FeedHub hub;
    private final Restorations restorations;
    private final BrokerDoor door;
    private final Path spool;
    private final InstantSource clock;

    /** @param spool a directory for snapshots on their way out; those of an earlier run are removed */
    public FeedEndpoint(FeedHub hub, Restorations restorations, BrokerDoor door, Path spool, InstantSource clock) {
        this.hub = hub;
        this.restorations = restorations;
        this.door = door;
        this.spool = spool;
        SpooledSnapshot.clean(spool);
        this.clock = clock;
    }

    public List<Route> routes() {
        return List.of(Route.get("/admission/v1/feed", door.guarding(this::feed)));
    }

    private Answer feed(BrokerName broker, Request request) {
        if (number(request, "version").orElse((long) FeedLine.VERSION) != FeedLine.VERSION) {
            return door.refuse(request, RefusalReason.NOT_OFFERED, "this service speaks version " + FeedLine.VERSION);
        }
        var position = position(request);
        if (restorations.wants(broker, position)) {
            return door.refuse(request, RefusalReason.CONFLICT, "this service was restored, and asks what you know")
                    .with(WITNESS, position.orElseThrow().epoch());
        }
        var stream = hub.open(broker, position);
        var delivery = stream.map(FeedHub.Stream::delivery).orElseGet(() -> hub.deliver(broker));
        // Between the door and here the broker may have been removed, and what was not open yet was not cut.
        try {
            var refusal = door.refusal(request);
            if (refusal.isPresent()) {
                delivery.close();
                return refusal.get();
            }
        } catch (RuntimeException e) {
            delivery.close();
            throw e;
        }
        var headers = new ArrayList<Header>();
        headers.add(new Header("Content-Type", NDJSON));
        headers.add(new Header("Cache-Control", "no-store"));
        if (stream.isPresent()) {
            return new Answer.Streamed(
                    200, headers, new LiveFeed(hub, stream.get(), clock, () -> door.stillOpen(request)));
        }
        boolean gzip = takesGzip(request);
        if (gzip) {
            headers.add(new Header("Content-Encoding", "gzip"));
        }
        return new Answer.Streamed(200, headers, new SpooledSnapshot(hub, broker, delivery, spool, gzip));
    }

    private static Optional<Position> position(Request request) {
        var after = number(request, "after");
        return request.query("epoch").flatMap(epoch -> after.map(revision -> new Position(epoch, revision)));
    }

    private static Optional<Long> number(Request request, String name) {
        try {
            return request.query(name).map(Long::parseLong);
        } catch (NumberFormatException e) {
            throw new Unreadable(RefusalReason.BAD_REQUEST, name + " must be a whole number");
        }
    }

    private static boolean takesGzip(Request request) {
        for (var coding : request.header("Accept-Encoding").orElse("").split(",", -1)) {
            var parts = coding.strip().toLowerCase(Locale.ROOT).split(";", 2);
            if (parts[0].strip().equals("gzip")) {
                return parts.length < 2 || !parts[1].strip().matches("q=0(\\.0*)?");
            }
        }
        return false;
    }
}

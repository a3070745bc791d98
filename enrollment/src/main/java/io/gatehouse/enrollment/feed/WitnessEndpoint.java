package io.gatehouse.enrollment.feed;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.admission.feed.FeedCodec;
import io.gatehouse.admission.feed.FeedLine;
import io.gatehouse.admission.feed.Parsed;
import io.gatehouse.enrollment.app.Restorations;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.port.View.Position;
import io.gatehouse.enrollment.http.Answer;
import io.gatehouse.enrollment.http.Method;
import io.gatehouse.enrollment.http.Request;
import io.gatehouse.enrollment.http.Route;
import io.gatehouse.enrollment.http.Unreadable;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.identity.RefusalReason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * {@code POST /admission/v1/witness?epoch=&revision=[&total=]}: what a broker knows further than a restored service, as lines of a
 * snapshot, in parts; the last names how many entries there were. 204, or 409 when nobody asks for it.
 */
public final class WitnessEndpoint {
    /** A part: about a page of a replica. */
    private static final int MOST_BYTES = 512 * 1024;

    private final Restorations restorations;
    private final BrokerDoor door;

    public WitnessEndpoint(Restorations restorations, BrokerDoor door) {
        this.restorations = restorations;
        this.door = door;
    }

    public List<Route> routes() {
        return List.of(Route.withBody(Method.POST, "/admission/v1/witness", MOST_BYTES, door.guarding(this::witness)));
    }

    private Answer witness(BrokerName broker, Request request) {
        var epoch = request.query("epoch").orElseThrow(() -> bad("epoch is missing"));
        long revision = number(request, "revision").orElseThrow(() -> bad("revision is missing"));
        var outcome = restorations.accept(
                broker, new Position(epoch, revision), entries(request.body()), number(request, "total"));
        return outcome instanceof Outcome.Refused<Boolean> refused
                ? door.refuse(request, refused.reason(), refused.detail())
                : Answer.empty(204);
    }

    private static List<Entry> entries(byte[] body) {
        var entries = new ArrayList<Entry>();
        for (int from = 0; from < body.length; ) {
            int to = from;
            while (to < body.length && body[to] != '\n') {
                to++;
            }
            Parsed<FeedLine> parsed = FeedCodec.read(Arrays.copyOfRange(body, from, to));
            if (parsed instanceof Parsed.Value<FeedLine> value && value.value() instanceof Entry entry) {
                entries.add(entry);
            } else if (!(parsed instanceof Parsed.UnknownKind<FeedLine>)) {
                throw bad("a line that is no entry of a directory");
            }
            from = to + 1;
        }
        return entries;
    }

    private static Optional<Long> number(Request request, String name) {
        try {
            return request.query(name).map(Long::parseLong);
        } catch (NumberFormatException e) {
            throw bad(name + " must be a whole number");
        }
    }

    private static Unreadable bad(String detail) {
        return new Unreadable(RefusalReason.BAD_REQUEST, detail);
    }
}

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
 * {@code POST /admission/v1/witness?epoch=&revision=[&begin=1][&total=]}: what a broker knows further than a restored service, as
 * lines of a snapshot, in parts; the first says that it is, the last how many lines there were. 204, 409 when nobody asks for it, or 400
 * when the parts do not make a whole.
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
        var part = part(request.body(), begins(request), number(request, "total"));
        var outcome = restorations.accept(broker, new Position(epoch, revision), part);
        return outcome instanceof Outcome.Refused<Boolean> refused
                ? door.refuse(request, refused.reason(), refused.detail())
                : Answer.empty(204);
    }

    /** Lines of kinds that are not known here count: a newer broker counts them too. */
    static Restorations.Part part(byte[] body, boolean begins, Optional<Long> total) {
        var entries = new ArrayList<Entry>();
        int lines = 0;
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
            lines++;
            from = to + 1;
        }
        return new Restorations.Part(entries, lines, begins, total);
    }

    private static boolean begins(Request request) {
        var begin = request.query("begin");
        if (begin.isPresent() && !begin.get().equals("1")) {
            throw bad("begin must be 1, or left out");
        }
        return begin.isPresent();
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

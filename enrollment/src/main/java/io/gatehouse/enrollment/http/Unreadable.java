package io.gatehouse.enrollment.http;

import io.gatehouse.identity.RefusalReason;
import java.util.List;

/**
 * A request that cannot be understood, thrown only by code that translates a request into values and caught once by the server.
 * Use cases return refusals as values.
 */
public final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final RefusalReason reason;
    private final String detail;
    private final transient List<Place> places;

    /** One of the places of a body that are wrong; {@code pointer} as RFC 6901 has it in a URI fragment. */
    public record Place(String pointer, String detail) {}

    /** The detail is shown to the peer: no secrets, nothing of the inside. */
    public Unreadable(RefusalReason reason, String detail) {
        this(reason, detail, List.of());
    }

    /** The same, with every place that is wrong. */
    public Unreadable(RefusalReason reason, String detail, List<Place> places) {
        super(reason.word() + ": " + detail, null, false, false);
        this.reason = reason;
        this.detail = detail;
        this.places = List.copyOf(places);
    }

    /** The places that are wrong, when they are known one by one. */
    public List<Place> places() {
        return places;
    }

    public RefusalReason reason() {
        return reason;
    }

    public String detail() {
        return detail;
    }
}

package io.gatehouse.enrollment.pki;

import io.gatehouse.enrollment.http.Answer;
import io.gatehouse.enrollment.http.Method;
import io.gatehouse.enrollment.http.Request;
import io.gatehouse.enrollment.http.Route;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;

/**
 * {@code /pki/ocsp}: POST as RFC 6960, appendix A.1, and GET as RFC 9919 (which replaces RFC 5019), section 5, with its caching headers. Whatever
 * the request is worth, the answer is an OCSPResponse under status 200; only what is too large for a request is told by HTTP.
 */
public final class OcspEndpoints {
    private static final int LARGEST_REQUEST = 4 * 1024;
    /** How long a cache on the way may keep an answer: so much later may somebody behind it learn of a revocation. */
    private static final Duration CACHED = Duration.ofMinutes(1);

    private static final String TYPE = "application/ocsp-response";
    private static final byte[] UNREADABLE = {};

    private final Responder responder;
    private final InstantSource clock;

    public OcspEndpoints(Responder responder, InstantSource clock) {
        this.responder = responder;
        this.clock = clock;
    }

    public List<Route> routes() {
        return List.of(
                Route.withBody(Method.POST, "/pki/ocsp", LARGEST_REQUEST, request -> posted(request.body())),
                Route.get("/pki/ocsp/{request...}", this::asked));
    }

    private Answer posted(byte[] request) {
        return Answer.of(200, TYPE, responder.answer(request).der());
    }

    private Answer asked(Request request) {
        var reply = responder.answer(decoded(request.variable("request")));
        if (reply.kept().isEmpty()) {
            return Answer.of(200, TYPE, reply.der()).with("Cache-Control", "no-store");
        }
        var kept = reply.kept().get();
        var tag = EntityTags.of(reply.der());
        return (EntityTags.has(request, tag) ? Answer.empty(304) : Answer.of(200, TYPE, reply.der()))
                .with("ETag", tag)
                .with("Last-Modified", HttpDates.write(kept.thisUpdate()))
                .with("Expires", HttpDates.write(kept.nextUpdate()))
                .with(
                        "Cache-Control",
                        "max-age=" + secondsLeft(kept.nextUpdate()) + ", public, no-transform, must-revalidate");
    }

    private long secondsLeft(Instant nextUpdate) {
        var left = Duration.between(clock.instant(), nextUpdate);
        return Math.max(0, Math.min(left.toSeconds(), CACHED.toSeconds()));
    }

    /** Clients differ in what they escape; the padding may be lost on the way. What is no base64 is no request. */
    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return UNREADABLE;
        }
    }
}

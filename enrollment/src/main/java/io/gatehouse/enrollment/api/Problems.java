package io.gatehouse.enrollment.api;

import io.gatehouse.enrollment.app.port.RegistryUnavailable;
import io.gatehouse.enrollment.http.Answer;
import io.gatehouse.enrollment.http.JsonBodies;
import io.gatehouse.enrollment.http.RefusalForm;
import io.gatehouse.enrollment.http.Unreadable;
import io.gatehouse.identity.RefusalReason;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** How the admin port refuses: problem details (RFC 9457) with the word as {@code reason}. */
public final class Problems implements RefusalForm {
    private static final String PROBLEM = "application/problem+json";

    @Override
    public Answer.Whole refuse(RefusalReason reason, String detail) {
        var named = problem(status(reason), reason, detail);
        return switch (reason) {
            case NOT_AUTHENTICATED, NO_CREDENTIALS, WRONG_SECRET, NO_CERTIFICATE ->
                named.with("WWW-Authenticate", "Bearer realm=\"gatehouse\"");
            case TOO_MANY_REQUESTS -> named.with("Retry-After", "60");
            default -> named.status() == 503 ? named.with("Retry-After", "2") : named;
        };
    }

    @Override
    public Answer.Whole refuse(int status, RefusalReason reason, String detail) {
        return problem(status, reason, detail);
    }

    @Override
    public Answer.Whole refuse(Unreadable unreadable) {
        if (unreadable.places().isEmpty()) {
            return refuse(unreadable.reason(), unreadable.detail());
        }
        var reason = unreadable.reason();
        var members = members(status(reason), reason, unreadable.detail());
        members.put("errors", unreadable.places());
        return JsonBodies.answer(status(reason), PROBLEM, members).because(reason);
    }

    @Override
    public Optional<RefusalReason> expected(RuntimeException failure) {
        return failure instanceof RegistryUnavailable ? Optional.of(RefusalReason.UNAVAILABLE) : Optional.empty();
    }

    private static Answer.Whole problem(int status, RefusalReason reason, String detail) {
        return JsonBodies.answer(status, PROBLEM, members(status, reason, detail))
                .because(reason);
    }

    private static Map<String, Object> members(int status, RefusalReason reason, String detail) {
        var members = new LinkedHashMap<String, Object>();
        members.put("type", "about:blank");
        members.put("title", reason.sentence());
        members.put("status", status);
        members.put("detail", detail);
        members.put("reason", reason.word());
        return members;
    }

    /** The one table of this edge: every reason has its status. */
    public static int status(RefusalReason reason) {
        return switch (reason) {
            case NOT_AUTHENTICATED, NO_CREDENTIALS, WRONG_SECRET, NO_CERTIFICATE -> 401;
            case NOT_ALLOWED, UNKNOWN_ISSUER, BAD_CERTIFICATE, NOT_YET_VALID, WRONG_ROLE -> 403;
            case NOT_FOUND, UNKNOWN_DEVICE, UNKNOWN_FLEET, UNKNOWN_CERTIFICATE -> 404;
            case ALREADY_EXISTS, CONFLICT, EXPIRED, REVOKED, HELD, SUPERSEDED, KEY_MISMATCH, KEY_REUSED -> 409;
            case PENDING, REJECTED, SUSPENDED, DECOMMISSIONED, WRONG_FLEET -> 409;
            case CLAIM_SPENT, CLAIM_EXPIRED, CLAIM_CANCELLED, SESSION_LIMIT, KICKED -> 409;
            case BAD_REQUEST, NAME_MISMATCH, WEAK_KEY, BAD_SIGNATURE, FORBIDDEN_EXTENSION -> 400;
            case CLIENT_ID_MISMATCH, TOPIC_NOT_ALLOWED -> 400;
            case METHOD_NOT_ALLOWED -> 405;
            case TOO_LARGE -> 413;
            case WRONG_CONTENT_TYPE -> 415;
            case TOO_MANY_REQUESTS -> 429;
            case INTERNAL_ERROR -> 500;
            case NOT_OFFERED -> 501;
            case UNAVAILABLE, NOT_SYNCHRONISED, STALE, UNSAFE_CONFIGURATION -> 503;
        };
    }
}

package io.gatehouse.enrollment.est;

import io.gatehouse.enrollment.app.port.RegistryUnavailable;
import io.gatehouse.enrollment.http.Answer;
import io.gatehouse.enrollment.http.RefusalForm;
import io.gatehouse.identity.RefusalReason;
import java.util.Optional;

/**
 * How the enroll port refuses: {@code Gatehouse-Reason}, and the same word in a line of text. The body of a 401 and of a 202 is
 * empty, because Bouncy Castle's client stumbles over one.
 */
public final class DeviceRefusals implements RefusalForm {
    private static final int LONGEST_DETAIL = 300;

    @Override
    public Answer.Whole refuse(RefusalReason reason, String detail) {
        return refuse(status(reason), reason, detail);
    }

    @Override
    public Answer.Whole refuse(int status, RefusalReason reason, String detail) {
        var answer = switch (status) {
            case 202 -> Answer.empty(202);
            case 401 -> Answer.empty(401).with("WWW-Authenticate", "Basic realm=\"gatehouse\"");
            default -> Answer.text(status, reason.word() + ": " + oneLine(detail));
        };
        var named = answer.with("Gatehouse-Reason", reason.word()).because(reason);
        return switch (reason) {
            case TOO_MANY_REQUESTS -> named.with("Retry-After", "60");
            case PENDING -> named.with("Retry-After", "15");
            default -> status == 503 ? named.with("Retry-After", "2") : named;
        };
    }

    @Override
    public Optional<RefusalReason> expected(RuntimeException failure) {
        return failure instanceof RegistryUnavailable ? Optional.of(RefusalReason.UNAVAILABLE) : Optional.empty();
    }

    private static String oneLine(String detail) {
        var line = detail.replaceAll("\\p{Cntrl}+", " ");
        return line.length() > LONGEST_DETAIL ? line.substring(0, LONGEST_DETAIL) : line;
    }

    /** The one table of this edge: every reason has its status. */
    public static int status(RefusalReason reason) {
        return switch (reason) {
            case NO_CREDENTIALS, NO_CERTIFICATE, WRONG_SECRET, NOT_AUTHENTICATED -> 401;
            case UNKNOWN_ISSUER, UNKNOWN_CERTIFICATE, BAD_CERTIFICATE, NOT_YET_VALID, EXPIRED, REVOKED, HELD -> 403;
            case SUPERSEDED, WRONG_ROLE, UNKNOWN_DEVICE, REJECTED, SUSPENDED, DECOMMISSIONED, NOT_ALLOWED -> 403;
            case CLAIM_SPENT, CLAIM_EXPIRED, CLAIM_CANCELLED, KEY_REUSED -> 403;
            case CLIENT_ID_MISMATCH, SESSION_LIMIT, TOPIC_NOT_ALLOWED, KICKED, UNSAFE_CONFIGURATION -> 403;
            case NAME_MISMATCH, WRONG_FLEET, WEAK_KEY, BAD_SIGNATURE, BAD_REQUEST, FORBIDDEN_EXTENSION -> 400;
            case KEY_MISMATCH, ALREADY_EXISTS, CONFLICT -> 409;
            case UNKNOWN_FLEET, NOT_FOUND -> 404;
            case PENDING -> 202;
            case METHOD_NOT_ALLOWED -> 405;
            case TOO_LARGE -> 413;
            case WRONG_CONTENT_TYPE -> 415;
            case TOO_MANY_REQUESTS -> 429;
            case INTERNAL_ERROR -> 500;
            case NOT_OFFERED -> 501;
            case UNAVAILABLE, NOT_SYNCHRONISED, STALE -> 503;
        };
    }
}

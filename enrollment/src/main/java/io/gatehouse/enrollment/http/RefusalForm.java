package io.gatehouse.enrollment.http;

import io.gatehouse.identity.RefusalReason;
import java.util.Optional;

/** How a port words what it refuses: plain text for devices, problem details for programs. */
@FunctionalInterface
public interface RefusalForm {
    /** The answer to a refused request; the status is the edge's own for this reason. */
    Answer.Whole refuse(RefusalReason reason, String detail);

    /** The same with another status, where HTTP knows better (408, 414, 431). */
    default Answer.Whole refuse(int status, RefusalReason reason, String detail) {
        var usual = refuse(reason, detail);
        return new Answer.Whole(status, usual.headers(), usual.body(), usual.refusal());
    }

    /** The answer to a request that cannot be understood. */
    default Answer.Whole refuse(Unreadable unreadable) {
        return refuse(unreadable.reason(), unreadable.detail());
    }

    /** The reason for a failure that is no fault of this code, such as a full disk; nothing for any other. */
    default Optional<RefusalReason> expected(RuntimeException failure) {
        return Optional.empty();
    }
}

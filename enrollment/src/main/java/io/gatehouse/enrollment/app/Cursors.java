package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.domain.Page;
import io.gatehouse.identity.RefusalReason;
import java.util.regex.Pattern;

/** Reads a list's cursor where that is a number. */
final class Cursors {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    private Cursors() {}

    static Outcome<Long> number(Page page, long otherwise) {
        if (page.after().isEmpty()) {
            return Outcome.done(otherwise);
        }
        String text = page.after().get();
        return NUMBER.matcher(text).matches()
                ? Outcome.done(Long.parseLong(text))
                : Outcome.refused(RefusalReason.BAD_REQUEST, "after: not a cursor of this list");
    }
}

package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Listing;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.domain.Page;
import io.gatehouse.enrollment.app.domain.Refusal;

/** The last refusals of service and brokers, in a bounded ring in memory. Thread-safe. */
public final class Refusals {
    /** How many are kept. */
    public static final int KEPT = 10_000;

    public void add(Refusal refusal) {
        Soon.later();
    }

    /** The newest first. */
    public Outcome<Listing<Refusal>> list(Page page) {
        return Soon.soon();
    }
}

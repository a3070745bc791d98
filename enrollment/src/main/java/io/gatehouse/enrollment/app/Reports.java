package io.gatehouse.enrollment.app;

import io.gatehouse.admission.feed.Report;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.identity.BrokerName;
import java.time.InstantSource;

/**
 * Takes in what brokers report: evidence, kept in memory with the broker's name. The one thing that a report changes is the half
 * proof of a renewal. Thread-safe.
 */
public final class Reports {
    public Reports(
            Registry registry, Sessions sessions, Refusals refusals, Enforcements enforcements, InstantSource clock) {}

    /** Refused with CONFLICT when the report is of another epoch. Done: true when something in the directory changed. */
    public Outcome<Boolean> accept(BrokerName broker, Report report) {
        return Soon.soon();
    }
}

package io.gatehouse.admission.client;

import io.gatehouse.admission.feed.Report;
import io.gatehouse.identity.Fingerprint;

/**
 * Tells the service what happens at this broker, at once and in order, one report in flight; what comes meanwhile goes with the next.
 * Knows the live sessions, so that a full report can be made at any time. Bounded: when the service is away for long, the oldest
 * refusals are dropped, and sessions come with the next full report. Thread-safe, never blocks, never throws.
 */
public interface ReportClient {
    /** A session is live. */
    void opened(Report.Opened session);

    /** A session ended; unknown sessions are ignored. */
    void closed(Report.Closed session);

    /** Somebody or something was refused. */
    void refused(Report.Refused refusal);

    /**
     * That revision is enforced: the sockets of so many sessions were closed because of it. Reported as soon as the replica holds the
     * revision durably. To be called once for each {@link DirectoryListener#onChange}, in any order.
     */
    void enforced(long revision, int sessions);

    /** A device connected with this certificate: half of a renewal's proof. */
    void admitted(Fingerprint certificate);

    /** The broker's own state, kept and sent again with each full report. */
    void status(Report.Status status);
}

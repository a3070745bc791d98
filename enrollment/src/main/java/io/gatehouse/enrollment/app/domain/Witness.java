package io.gatehouse.enrollment.app.domain;

import io.gatehouse.identity.BrokerName;
import java.time.Instant;
import java.util.Optional;

/**
 * What a broker said of the time after the backup, and what was made of it.
 *
 * @param revision how far it knew the directory
 * @param finishedAt when it had said all
 * @param entries of its newest attempt to say all
 * @param revoked devices and certificates that were revoked on its word
 * @param suspended devices and fleets that were suspended on its word
 * @param adopted certificates that were not in the backup
 * @param devices that were not in the backup
 * @param fleets that were not in the backup
 * @param differing what it knew otherwise in its newest attempt, and what is left as the backup has it
 */
public record Witness(
        BrokerName broker,
        long revision,
        Instant beganAt,
        Optional<Instant> finishedAt,
        long entries,
        long revoked,
        long suspended,
        long adopted,
        long devices,
        long fleets,
        long differing) {

    public static Witness begins(BrokerName broker, long revision, Instant now) {
        return new Witness(broker, revision, now, Optional.empty(), 0, 0, 0, 0, 0, 0, 0);
    }

    /** Speaks from the beginning: what its earlier words changed stays counted, what they only said it says again. */
    public Witness anew(long revisionNow) {
        return new Witness(
                broker, revisionNow, beganAt, finishedAt, 0, revoked, suspended, adopted, devices, fleets, 0);
    }

    /** With what a part of its word came to. */
    public Witness plus(long moreEntries, Counts more) {
        return new Witness(
                broker,
                revision,
                beganAt,
                finishedAt,
                entries + moreEntries,
                revoked + more.revoked().size(),
                suspended + more.suspended().size(),
                adopted + more.adopted().size(),
                devices + more.devices().size(),
                fleets + more.fleets().size(),
                differing + more.differing().size());
    }

    public Witness finished(Instant now) {
        return new Witness(
                broker,
                revision,
                beganAt,
                Optional.of(now),
                entries,
                revoked,
                suspended,
                adopted,
                devices,
                fleets,
                differing);
    }

    /** What one part of a broker's word changed, by name. */
    public record Counts(
            java.util.List<String> revoked,
            java.util.List<String> suspended,
            java.util.List<String> superseded,
            java.util.List<String> adopted,
            java.util.List<String> devices,
            java.util.List<String> fleets,
            java.util.List<String> differing) {}
}

package io.gatehouse.enrollment.store;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.enrollment.app.domain.DeviceCertificate;
import io.gatehouse.enrollment.app.port.View.DirectoryEnd;
import io.gatehouse.identity.Fingerprint;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Which certificates are in the directory: those after a cursor, in the order of their ends. The cursor stands in the database and moves
 * in the transaction that tells brokers what it passes, so that snapshot and stream never differ. Inside one transaction.
 */
final class EndedRows {
    /** Of a certificate c; the plus keeps a walk in its own order. */
    static final String IN_DIRECTORY = "(+c.not_after, c.id) > (SELECT ended_to, ended_id FROM home)";

    // As the ends of several certificates may be the same moment, of thousands after an import, the row's number
    // counts, too.
    private record Cursor(long endedTo, long endedId) {}

    private record Passed(DeviceCertificate certificate, Cursor at) {}

    private final SqliteView view;
    private final Map<Object, Entry> entries;

    /** @param entries what brokers are told of this transaction */
    EndedRows(SqliteView view, Map<Object, Entry> entries) {
        this.view = view;
        this.entries = entries;
    }

    static DirectoryEnd end(SqliteView view) {
        return view.one(
                        row -> new DirectoryEnd(Rows.time(row, 1), Rows.timeOrNone(row, 2)),
                        "SELECT ended_to, coalesce("
                                + "(SELECT c.not_after FROM certificate c"
                                + " WHERE c.not_after = ended_to AND c.id > ended_id LIMIT 1),"
                                + " (SELECT c.not_after FROM certificate c"
                                + " WHERE c.not_after > ended_to ORDER BY c.not_after LIMIT 1)) FROM home")
                .orElseThrow();
    }

    /** Whether brokers know a certificate that ends then; a new one has the highest number. */
    boolean holds(DeviceCertificate certificate) {
        var cursor = cursor();
        long end = certificate.notAfter().toEpochMilli();
        return end == cursor.endedTo() ? holdsOfSameEnd(certificate.sha256(), cursor) : end > cursor.endedTo();
    }

    private boolean holdsOfSameEnd(Fingerprint sha256, Cursor cursor) {
        return view.one(
                        row -> row.getLong(1) > cursor.endedId(),
                        "SELECT id FROM certificate WHERE sha256 = ?",
                        sha256.bytes())
                .orElse(true);
    }

    int remove(Instant before, int most) {
        var cursor = cursor();
        long border = before.toEpochMilli();
        if (cursor.endedTo() >= border) {
            return 0;
        }
        var leaving =
                passed("c.not_after = ? AND c.id > ? ORDER BY c.id LIMIT ?", cursor.endedTo(), cursor.endedId(), most);
        leaving.addAll(passed(
                "c.not_after > ? AND c.not_after < ? ORDER BY c.not_after, c.id LIMIT ?",
                cursor.endedTo(),
                border,
                most - leaving.size()));
        for (var one : leaving) {
            var sha256 = one.certificate().sha256();
            entries.put(sha256, new Entry.CertificateRemoved(sha256));
        }
        if (!leaving.isEmpty()) {
            moveTo(leaving.get(leaving.size() - 1).at());
        }
        return leaving.size();
    }

    int takeBack(Instant since, int most) {
        var cursor = cursor();
        long border = since.toEpochMilli();
        if (cursor.endedTo() < border) {
            return 0;
        }
        var back = passed(
                "c.not_after = ? AND c.id <= ? ORDER BY c.id DESC LIMIT ?", cursor.endedTo(), cursor.endedId(), most);
        back.addAll(passed(
                "c.not_after < ? AND c.not_after >= ? ORDER BY c.not_after DESC, c.id DESC LIMIT ?",
                cursor.endedTo(),
                border,
                most - back.size()));
        for (var one : back) {
            var certificate = one.certificate();
            if (!certificate.adopted() || view.importedAuthorities().isEmpty()) {
                entries.put(certificate.sha256(), Entries.of(certificate));
            }
        }
        if (back.size() < most) {
            moveTo(new Cursor(border, 0));
        } else {
            var last = back.get(back.size() - 1).at();
            moveTo(new Cursor(last.endedTo(), last.endedId() - 1));
        }
        return back.size();
    }

    /** Of one end, or of ends in a range, never both in one question: SQLite would walk over all of the same end. */
    private List<Passed> passed(String which, long first, long second, int most) {
        return view.many(
                row -> new Passed(Rows.certificate(row), new Cursor(row.getLong("ended"), row.getLong("number"))),
                "SELECT " + Rows.CERTIFICATE + ", c.not_after AS ended, c.id AS number" + SqliteView.FROM_CERTIFICATE
                        + "WHERE " + which,
                first,
                second,
                most);
    }

    private Cursor cursor() {
        return view.one(row -> new Cursor(row.getLong(1), row.getLong(2)), "SELECT ended_to, ended_id FROM home")
                .orElseThrow();
    }

    private void moveTo(Cursor cursor) {
        view.db.execute("UPDATE home SET ended_to = ?, ended_id = ?", cursor.endedTo(), cursor.endedId());
    }
}

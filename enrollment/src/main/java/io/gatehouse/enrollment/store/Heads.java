package io.gatehouse.enrollment.store;

import io.gatehouse.identity.Fingerprint;

/** Where the numbered rows stand: the directory's revision, the audit's last sequence number and hash. */
record Heads(long revision, long auditSeq, Fingerprint auditHash) {
    static Heads read(SqliteView view) {
        long revision = view.position().revision();
        return view.one(
                        row -> new Heads(revision, row.getLong(1), Rows.fingerprint(row.getBytes(2))),
                        "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")
                .orElseGet(() -> new Heads(revision, 0, view.auditGenesis()));
    }

    Heads withRevision(long newRevision) {
        return new Heads(newRevision, auditSeq, auditHash);
    }

    Heads withAudit(long seq, Fingerprint hash) {
        return new Heads(revision, seq, hash);
    }
}

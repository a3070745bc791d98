package io.gatehouse.enrollment.store;

import io.gatehouse.enrollment.app.domain.AuditCheckpoint;
import io.gatehouse.identity.Fingerprint;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The audit's checkpoints and the keys that signed them, as rows. Stateless. */
final class CheckpointRows {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointRows.class);
    private static final String SELECT = "SELECT seq, epoch, at, head, key_sha256, signature FROM audit_checkpoint";

    private CheckpointRows() {}

    static Optional<AuditCheckpoint> last(AuditView view) {
        return view.one(CheckpointRows::read, SELECT + " ORDER BY seq DESC LIMIT 1");
    }

    static Optional<AuditCheckpoint> after(AuditView view, long seq) {
        return view.one(CheckpointRows::read, SELECT + " WHERE seq > ? ORDER BY seq LIMIT 1", seq);
    }

    static List<AuditCheckpoint> notCopied(AuditView view, int limit) {
        return view.many(CheckpointRows::read, SELECT + " WHERE copied = 0 ORDER BY seq LIMIT ?", limit);
    }

    /** A key that cannot be read is left out: what it signed is then of an unknown key. */
    static Map<Fingerprint, PublicKey> keys(AuditView view) {
        var keys = new HashMap<Fingerprint, PublicKey>();
        for (byte[] spki : view.many(row -> row.getBytes(1), "SELECT spki FROM audit_key")) {
            try {
                var key = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(spki));
                keys.put(Fingerprint.sha256(spki), key);
            } catch (GeneralSecurityException e) {
                LOG.warn("a key of the audit's checkpoints cannot be read");
            }
        }
        return keys;
    }

    static void insert(Sql db, AuditCheckpoint checkpoint, byte[] publicKey) {
        db.execute(
                "INSERT INTO audit_key (sha256, spki) VALUES (?, ?) ON CONFLICT (sha256) DO NOTHING",
                checkpoint.key().bytes(),
                publicKey);
        db.execute(
                "INSERT INTO audit_checkpoint (seq, epoch, at, head, key_sha256, signature, copied)"
                        + " VALUES (?, ?, ?, ?, ?, ?, 0)",
                checkpoint.seq(),
                checkpoint.epoch(),
                checkpoint.time().toEpochMilli(),
                checkpoint.head().bytes(),
                checkpoint.key().bytes(),
                checkpoint.signature());
    }

    static void copied(Sql db, long upTo) {
        db.execute("UPDATE audit_checkpoint SET copied = 1 WHERE copied = 0 AND seq <= ?", upTo);
    }

    private static AuditCheckpoint read(ResultSet row) throws SQLException {
        return new AuditCheckpoint(
                row.getLong(1),
                row.getString(2),
                Rows.time(row, 3),
                Rows.fingerprint(row.getBytes(4)),
                Rows.fingerprint(row.getBytes(5)),
                row.getBytes(6));
    }
}

package io.gatehouse.enrollment.app.domain;

import io.gatehouse.identity.Fingerprint;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * The chain of the audit: each row's hash is SHA-256 over its canonical bytes, which begin with the hash of the row before. Fixed
 * order, lengths before texts, so that no two different rows have the same bytes.
 */
public final class AuditChain {
    private static final String LABEL = "gatehouse audit 1";

    private AuditChain() {}

    /** What the first row follows. */
    public static Fingerprint genesis(String homeName) {
        return Fingerprint.sha256((LABEL + "\n" + homeName + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** A row with its hash. */
    public static AuditEntry entry(
            long seq, Instant time, String actor, String action, String subject, String detail, Fingerprint previous) {
        var at = Instant.ofEpochMilli(time.toEpochMilli());
        var open = new AuditEntry(seq, at, actor, action, subject, detail, previous, previous);
        return new AuditEntry(seq, at, actor, action, subject, detail, previous, hash(open));
    }

    /** The hash that a row must have, from its other members. */
    public static Fingerprint hash(AuditEntry entry) {
        var bytes = new ByteArrayOutputStream(256);
        try (var out = new DataOutputStream(bytes)) {
            text(out, LABEL);
            out.write(entry.previous().bytes());
            out.writeLong(entry.seq());
            out.writeLong(entry.time().toEpochMilli());
            text(out, entry.actor());
            text(out, entry.action());
            text(out, entry.subject());
            text(out, entry.detail());
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot fail to be written", e);
        }
        return Fingerprint.sha256(bytes.toByteArray());
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }
}

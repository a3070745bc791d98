package io.gatehouse.enrollment.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatehouse.enrollment.app.domain.AuditCheck;
import io.gatehouse.identity.Fingerprint;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks an export without a service: every line byte for byte, the chain, the checkpoints, and that it is there to its end. In bounded
 * memory. For one file, on one thread.
 */
public final class AuditFile {
    private static final int LONGEST_LINE = 4 * 1024 * 1024;

    private final Optional<Map<Fingerprint, PublicKey>> trusted;
    private final KnownCheckpoints known;
    private Map<Fingerprint, PublicKey> keys = Map.of();
    private @Nullable AuditCheck check;

    /**
     * @param trusted the keys whose checkpoints count; absent: those that the file names itself, which shows accidents and nothing else
     * @param known checkpoints that were kept elsewhere
     */
    public AuditFile(Optional<Map<Fingerprint, PublicKey>> trusted, KnownCheckpoints known) {
        this.trusted = trusted;
        this.known = known;
    }

    /** What came of it; throws only when the file cannot be read. */
    public AuditCheck.Result verify(InputStream in) throws IOException, GeneralSecurityException {
        var bytes = new BufferedInputStream(in, 1 << 16);
        var sha256 = MessageDigest.getInstance("SHA-256");
        boolean ended = false;
        for (byte[] line = line(bytes); line.length > 0; line = line(bytes)) {
            ended = take(line, ended, sha256);
        }
        var walked = check == null ? new AuditCheck(Fingerprint.sha256(new byte[0]), Map.of()) : check;
        if (!ended) {
            walked.broken(walked.seq() + 1, "the file has no end: it was cut off after entry " + walked.seq());
        }
        known.end(walked);
        return walked.result();
    }

    /** The keys by which checkpoints were judged. */
    public Map<Fingerprint, PublicKey> keys() {
        return keys;
    }

    /** Whether this line ends the file. */
    private boolean take(byte[] line, boolean ended, MessageDigest sha256) {
        var current = check;
        try {
            if (current == null) {
                check = begin(AuditLines.parse(line), line);
            } else if (ended) {
                current.broken(current.seq() + 1, "something stands behind the end");
            } else if (!line(AuditLines.parse(line), line, current, sha256)) {
                sha256.update(line);
                return false;
            } else {
                return true;
            }
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            if (current == null) {
                current = new AuditCheck(Fingerprint.sha256(new byte[0]), Map.of());
                check = current;
            }
            current.broken(current.seq() + 1, "behind entry " + current.seq() + ": a line that is " + e.getMessage());
        }
        sha256.update(line);
        return ended;
    }

    private AuditCheck begin(JsonNode json, byte[] line) throws GeneralSecurityException {
        var head = AuditLines.head(json);
        var named = new HashMap<Fingerprint, PublicKey>();
        for (var key : head.keys()) {
            byte[] spki = AuditLines.base64(key);
            named.put(
                    Fingerprint.sha256(spki),
                    KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(spki)));
        }
        keys = trusted.orElse(named);
        var begun = new AuditCheck(head.genesis(), keys);
        known.begin(head.genesis(), keys);
        if (!Arrays.equals(AuditLines.write(head), line)) {
            begun.broken(1, "the first line was changed");
        }
        return begun;
    }

    /** Whether it was the end. */
    private boolean line(JsonNode json, byte[] line, AuditCheck into, MessageDigest sha256)
            throws GeneralSecurityException {
        if (json.has("seq")) {
            var entry = AuditLines.entry(json);
            into.entry(entry);
            same(AuditLines.write(entry), line, into);
            known.entry(entry, into);
            return false;
        }
        if (json.has("checkpoint")) {
            var checkpoint = AuditLines.checkpoint(json);
            into.checkpoint(checkpoint);
            same(AuditLines.write(checkpoint, into.genesis()), line, into);
            return false;
        }
        var end = AuditLines.end(json);
        same(AuditLines.write(end), line, into);
        var digest = HexFormat.of().formatHex(sha256.digest());
        var key = keys.get(end.key());
        if (end.entries() != into.seq() || !end.head().equals(into.head())) {
            into.broken(into.seq() + 1, "the end speaks of " + end.entries() + " entries, and there are " + into.seq());
        } else if (!end.sha256().hex().equals(digest) || key == null || !isSigned(end, key)) {
            into.broken(into.seq(), "the end's signature is not over what stands before it");
        }
        return true;
    }

    private static boolean isSigned(AuditLines.End end, PublicKey key) throws GeneralSecurityException {
        var verifier = Signature.getInstance("SHA256withECDSA");
        verifier.initVerify(key);
        verifier.update(end.statement());
        return verifier.verify(AuditLines.base64(end.signature()));
    }

    private static void same(byte[] written, byte[] found, AuditCheck into) {
        if (!Arrays.equals(written, found)) {
            into.broken(into.seq(), "the line of, or behind, entry " + into.seq() + " was changed");
        }
    }

    /** The next line with its line feed; empty at the end. */
    private static byte[] line(InputStream in) throws IOException {
        var line = new java.io.ByteArrayOutputStream(512);
        for (int b = in.read(); b >= 0; b = in.read()) {
            line.write(b);
            if (b == '\n') {
                break;
            }
            if (line.size() > LONGEST_LINE) {
                throw new IOException("a line of more than " + LONGEST_LINE + " bytes");
            }
        }
        return line.toByteArray();
    }
}

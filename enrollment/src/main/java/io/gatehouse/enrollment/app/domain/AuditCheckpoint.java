package io.gatehouse.enrollment.app.domain;

import io.gatehouse.identity.Fingerprint;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;

/**
 * A signed word about the audit: at this time row {@code seq} was there with this hash, and so, by the chain, every row before it.
 *
 * @param epoch of the directory; a restore begins a new one, after which numbers may come again
 * @param head the hash of that row
 * @param key SHA-256 of the signer's SubjectPublicKeyInfo
 * @param signature ECDSA with SHA-256 over {@link #statement}, as an Ecdsa-Sig-Value
 */
// equals and hashCode are about the array's content.
@SuppressWarnings("ArrayRecordComponent")
public record AuditCheckpoint(
        long seq, String epoch, Instant time, Fingerprint head, Fingerprint key, byte[] signature) {
    /** How long rows wait for a checkpoint, while a service runs, when there are too few of them for one. */
    public static final Duration LONGEST_WAIT = Duration.ofHours(1);

    /** What is signed: plain lines, so that {@code openssl dgst -sha256 -verify} can judge. {@code genesis} binds it to one home. */
    public static byte[] statement(Fingerprint genesis, long seq, String epoch, Instant time, Fingerprint head) {
        return ("gatehouse audit checkpoint 1\ngenesis " + genesis + "\nepoch " + epoch + "\nseq " + seq + "\nhead "
                        + head + "\ntime " + time.toEpochMilli() + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Whether this key signed it for this home. */
    public boolean isSignedBy(PublicKey publicKey, Fingerprint genesis) {
        try {
            var verifier = Signature.getInstance("SHA256withECDSA");
            verifier.initVerify(publicKey);
            verifier.update(statement(genesis, seq, epoch, time, head));
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof AuditCheckpoint other
                && seq == other.seq
                && epoch.equals(other.epoch)
                && time.equals(other.time)
                && head.equals(other.head)
                && key.equals(other.key)
                && Arrays.equals(signature, other.signature);
    }

    @Override
    public int hashCode() {
        return Objects.hash(seq, epoch, time, head, key, Arrays.hashCode(signature));
    }

    @Override
    public String toString() {
        return "AuditCheckpoint[" + seq + " of " + epoch + "]";
    }
}

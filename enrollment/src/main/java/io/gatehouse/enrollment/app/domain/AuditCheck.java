package io.gatehouse.enrollment.app.domain;

import io.gatehouse.identity.Fingerprint;
import java.security.PublicKey;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Walks an audit from its first row to its last, with the checkpoints where they belong, in constant memory, and remembers the first
 * thing that does not fit. For one thread.
 */
public final class AuditCheck {
    private final Fingerprint genesis;
    private final Map<Fingerprint, PublicKey> keys;
    private Fingerprint head;
    private long seq;
    private long checkpoints;
    private long vouchedFor;
    private @Nullable Long brokenAt;
    private @Nullable String problem;

    /** @param keys whose checkpoints count, by the SHA-256 of their SubjectPublicKeyInfo */
    public AuditCheck(Fingerprint genesis, Map<Fingerprint, PublicKey> keys) {
        this.genesis = genesis;
        this.keys = Map.copyOf(keys);
        this.head = genesis;
    }

    /**
     * What came of it.
     *
     * @param head the last row's hash, or the genesis
     * @param checkpoints how many there were, each with a good signature when it holds
     * @param vouchedFor the last row that a checkpoint vouches for, 0 when none does
     * @param brokenAt the first row that is not as it was written, or not there
     */
    public record Result(
            long entries,
            Fingerprint head,
            long checkpoints,
            long vouchedFor,
            Optional<Long> brokenAt,
            Optional<String> problem) {
        public boolean holds() {
            return problem.isEmpty();
        }
    }

    public void entry(AuditEntry entry) {
        if (entry.seq() != seq + 1) {
            broken(seq + 1, "entry " + (seq + 1) + " is missing: entry " + entry.seq() + " stands in its place");
        } else if (!entry.hash().equals(AuditChain.hash(entry))) {
            broken(entry.seq(), "entry " + entry.seq() + " was changed");
        } else if (!entry.previous().equals(head)) {
            broken(entry.seq(), "entry " + entry.seq() + " does not follow from the one before it");
        }
        seq = entry.seq();
        head = entry.hash();
    }

    /** A checkpoint about the row that was seen last; or about one that is not there, which then was cut off. */
    public void checkpoint(AuditCheckpoint checkpoint) {
        var key = keys.get(checkpoint.key());
        if (key == null) {
            broken(checkpoint.seq(), "the checkpoint at entry " + checkpoint.seq() + " is of an unknown key");
        } else if (!checkpoint.isSignedBy(key, genesis)) {
            broken(checkpoint.seq(), "the checkpoint at entry " + checkpoint.seq() + " has no good signature");
        } else if (checkpoint.seq() > seq) {
            broken(seq + 1, "entry " + (seq + 1) + " is missing: a checkpoint vouches for " + checkpoint.seq());
        } else if (checkpoint.seq() != seq || !checkpoint.head().equals(head)) {
            broken(checkpoint.seq(), "entry " + checkpoint.seq() + " is not the one that its checkpoint vouches for");
        }
        checkpoints++;
        vouchedFor = checkpoint.seq();
    }

    /** Something else does not fit at that row. */
    public void broken(long at, String what) {
        if (problem == null) {
            brokenAt = at;
            problem = what;
        }
    }

    /** The number of the last row seen. */
    public long seq() {
        return seq;
    }

    /** The hash of the last row seen. */
    public Fingerprint head() {
        return head;
    }

    public Fingerprint genesis() {
        return genesis;
    }

    public Result result() {
        return new Result(
                seq, head, checkpoints, vouchedFor, Optional.ofNullable(brokenAt), Optional.ofNullable(problem));
    }
}

package io.gatehouse.enrollment.app.domain;

import io.gatehouse.identity.Fingerprint;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Walks an audit from its first row to its last, with the checkpoints where they belong, in constant memory, and remembers the first
 * thing that does not fit. For one thread.
 */
public final class AuditCheck {
    /** More than a busy service writes between two looks at whether a checkpoint is due, and longer than one takes. */
    private static final int MEANWHILE = 1000;

    private static final Duration ONE_LOOK = Duration.ofMinutes(1);

    private final Fingerprint genesis;
    private final Map<Fingerprint, PublicKey> keys;
    private Fingerprint head;
    private long seq;
    private long checkpoints;
    private long vouchedFor;
    private final Set<Fingerprint> signers = new HashSet<>();
    private @Nullable Tail tail;
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
     * @param tail the rows behind that one, without those of a restore; empty when there are none
     * @param brokenAt the first row that is not as it was written, or not there; empty also when all rows fit, but not who vouches for them
     */
    public record Result(
            long entries,
            Fingerprint head,
            long checkpoints,
            long vouchedFor,
            Optional<Tail> tail,
            Optional<Long> brokenAt,
            Optional<String> problem) {
        public boolean holds() {
            return problem.isEmpty();
        }

        /**
         * What only the chain holds, when that is more than a service leaves while it runs. No proof that something was changed: after a
         * power cut, in the copy of a busy home, or after acts without a service it can be so, until a service runs for some seconds.
         *
         * @param every after how many entries a checkpoint is due
         */
        public Optional<String> warning(long every) {
            if (!holds() || entries == 0) {
                return Optional.empty();
            }
            if (vouchedFor == 0) {
                return Optional.of(
                        "no checkpoint vouches for any entry: a service makes one within seconds, and whoever can"
                                + " write the database could have written this");
            }
            long waiting = entries - vouchedFor;
            var span = tail.map(Tail::span).orElse(Duration.ZERO);
            boolean asUsual =
                    waiting <= every + MEANWHILE && span.compareTo(AuditCheckpoint.LONGEST_WAIT.plus(ONE_LOOK)) <= 0;
            return asUsual
                    ? Optional.empty()
                    : Optional.of("no checkpoint vouches for the entries after " + vouchedFor + ", " + waiting
                            + " within " + span.toMinutes() + " minutes: a service makes one after " + every
                            + " entries, and after "
                            + AuditCheckpoint.LONGEST_WAIT.toMinutes() + " minutes");
        }
    }

    /** Rows that a service has written behind the last checkpoint: the times of the first and the last. */
    public record Tail(Instant first, Instant last) {
        Duration span() {
            return Duration.between(first, last);
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
        if (!entry.action().equals(AuditEntry.RESTORED)) { // written without a service, long after the others
            var before = tail;
            tail = new Tail(before == null ? entry.time() : before.first(), entry.time());
        }
    }

    /** A checkpoint about the row that was seen last; or about one that is not there, which then was cut off. */
    public void checkpoint(AuditCheckpoint checkpoint) {
        var key = keys.get(checkpoint.key());
        if (key == null) {
            broken(checkpoint.seq(), "the checkpoint at entry " + checkpoint.seq() + " is of an unknown key");
        } else if (!checkpoint.isSignedBy(key, genesis)) {
            broken(checkpoint.seq(), "the checkpoint at entry " + checkpoint.seq() + " has no good signature");
        } else {
            signers.add(checkpoint.key());
            compare(checkpoint);
        }
        checkpoints++;
        vouchedFor = checkpoint.seq();
        tail = null;
    }

    private void compare(AuditCheckpoint checkpoint) {
        if (checkpoint.seq() > seq) {
            broken(seq + 1, "entry " + (seq + 1) + " is missing: a checkpoint vouches for " + checkpoint.seq());
        } else if (checkpoint.seq() != seq || !checkpoint.head().equals(head)) {
            broken(checkpoint.seq(), "entry " + checkpoint.seq() + " is not the one that its checkpoint vouches for");
        }
    }

    /**
     * The keys that the registry names at the end. It does so since each has signed a checkpoint, which it never takes away: a key of which
     * none is there shows that somebody else did.
     */
    public void named(Collection<Fingerprint> registered) {
        for (var key : registered) {
            if (!signers.contains(key)) {
                unproven("checkpoints were taken away: none is there of the key " + key
                        + ", with which some were signed");
            }
        }
    }

    /** Something else does not fit at that row, which says more than that something is unproven. */
    public void broken(long at, String what) {
        if (brokenAt == null) {
            brokenAt = at;
            problem = what;
        }
    }

    /** All rows may fit, but what should show that they are the ones that were written does not. */
    public void unproven(String what) {
        if (problem == null) {
            problem = what;
        }
    }

    /** Whose checkpoints with a good signature were seen. */
    public Set<Fingerprint> signers() {
        return Set.copyOf(signers);
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
                seq,
                head,
                checkpoints,
                vouchedFor,
                Optional.ofNullable(tail),
                Optional.ofNullable(brokenAt),
                Optional.ofNullable(problem));
    }
}

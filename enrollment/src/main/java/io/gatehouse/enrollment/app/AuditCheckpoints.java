package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.AuditCheckpoint;
import io.gatehouse.enrollment.app.domain.AuditEntry;
import io.gatehouse.enrollment.app.port.CheckpointCopies;
import io.gatehouse.enrollment.app.port.CheckpointSigner;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.enrollment.app.port.RegistryUnavailable;
import io.gatehouse.enrollment.app.port.View;
import io.gatehouse.identity.Fingerprint;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs checkpoints of the audit, stores them, and hands a copy of each to where copies are kept, in order and at least once: what
 * could not be handed over is tried again at the next look, also after a restart. Thread-safe.
 */
public final class AuditCheckpoints {
    private static final Logger LOG = LoggerFactory.getLogger(AuditCheckpoints.class);
    private static final int COPIES_AT_ONCE = 100;

    private final Registry registry;
    private final CheckpointSigner signer;
    private final Optional<CheckpointCopies> copies;
    private final long every;
    private final InstantSource clock;
    private final Object copying = new Object();
    private volatile Optional<String> problem = Optional.empty();

    /** @param every after how many rows a checkpoint is due */
    public AuditCheckpoints(
            Registry registry,
            CheckpointSigner signer,
            Optional<CheckpointCopies> copies,
            long every,
            InstantSource clock) {
        this.registry = registry;
        this.signer = signer;
        this.copies = copies;
        this.every = every;
        this.clock = clock;
    }

    /** To be called every second or so: makes a checkpoint when one is due, and hands over the copies that wait. */
    public void look() {
        try {
            if (registry.read(this::isDue)) {
                make();
            }
            copy();
        } catch (RegistryUnavailable e) {
            LOG.debug("no checkpoint of the audit now: {}", e.getMessage());
        }
    }

    /** Vouches for everything that is in the audit now: nothing when it is empty. Copies are left to the next look. */
    public Optional<AuditCheckpoint> now() {
        return make();
    }

    /** Hands over the copies that wait, which may take as long as their keeper is slow. */
    public void copy() {
        synchronized (copying) {
            copies.ifPresent(this::handOver);
        }
    }

    /** Why copies could not be handed over, as long as they cannot. */
    public Optional<String> problem() {
        return problem;
    }

    private boolean isDue(View view) {
        var newest = newest(view);
        var last = view.lastCheckpoint();
        long vouchedFor = last.map(AuditCheckpoint::seq).orElse(0L);
        if (newest.isEmpty() || newest.get().seq() <= vouchedFor) {
            return false;
        }
        Instant since = last.map(AuditCheckpoint::time).orElse(Instant.EPOCH);
        return newest.get().seq() - vouchedFor >= every
                || Duration.between(since, clock.instant()).abs().compareTo(AuditCheckpoint.LONGEST_WAIT) >= 0;
    }

    private Optional<AuditCheckpoint> make() {
        return registry.write(transaction -> {
            var newest = newest(transaction);
            var last = transaction.lastCheckpoint();
            if (newest.isEmpty()
                    || last.filter(checkpoint ->
                                    checkpoint.seq() >= newest.get().seq())
                            .isPresent()) {
                return last;
            }
            var checkpoint = signed(transaction, newest.get());
            transaction.insert(checkpoint, signer.publicKey().getEncoded());
            return Optional.of(checkpoint);
        });
    }

    private AuditCheckpoint signed(View view, AuditEntry newest) {
        var epoch = view.position().epoch();
        var now = Instant.ofEpochMilli(clock.instant().toEpochMilli());
        byte[] statement = AuditCheckpoint.statement(view.auditGenesis(), newest.seq(), epoch, now, newest.hash());
        return new AuditCheckpoint(
                newest.seq(),
                epoch,
                now,
                newest.hash(),
                Fingerprint.sha256(signer.publicKey().getEncoded()),
                signer.sign(statement));
    }

    private void handOver(CheckpointCopies where) {
        List<AuditCheckpoint> waiting = registry.read(view -> view.checkpointsNotCopied(COPIES_AT_ONCE));
        if (waiting.isEmpty()) {
            return;
        }
        var genesis = registry.read(View::auditGenesis);
        long handedOver = 0;
        try {
            for (var checkpoint : waiting) {
                where.keep(checkpoint, genesis);
                handedOver = checkpoint.seq();
            }
            if (problem.isPresent()) {
                problem = Optional.empty();
                LOG.info("checkpoints of the audit are kept elsewhere again");
            }
        } catch (IOException e) {
            var why = "the audit's checkpoints cannot be kept elsewhere: " + e.getMessage();
            if (!problem.equals(Optional.of(why))) {
                LOG.warn("{}", why);
            }
            problem = Optional.of(why);
        }
        long upTo = handedOver;
        if (upTo > 0) {
            registry.write(transaction -> {
                transaction.checkpointsCopied(upTo);
                return true;
            });
        }
    }

    private static Optional<AuditEntry> newest(View view) {
        return view.auditBefore(Long.MAX_VALUE, 1).stream().findFirst();
    }
}

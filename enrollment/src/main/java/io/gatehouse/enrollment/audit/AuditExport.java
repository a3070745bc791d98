package io.gatehouse.enrollment.audit;

import io.gatehouse.enrollment.app.AuditCheckpoints;
import io.gatehouse.enrollment.app.AuditWalk;
import io.gatehouse.enrollment.app.domain.AuditEntry;
import io.gatehouse.enrollment.app.port.CheckpointSigner;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.enrollment.app.port.View;
import io.gatehouse.identity.Fingerprint;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * Writes the whole audit as lines, with its checkpoints, the last of which vouches for the last entry. In bounded memory, and page by
 * page, so that a slow reader holds nothing of the registry: rows are never changed, so the pages fit. Thread-safe.
 */
public final class AuditExport {
    private static final int PAGE = 1000;

    private final Registry registry;
    private final AuditCheckpoints checkpoints;
    private final CheckpointSigner signer;
    private final InstantSource clock;

    public AuditExport(Registry registry, AuditCheckpoints checkpoints, CheckpointSigner signer, InstantSource clock) {
        this.registry = registry;
        this.checkpoints = checkpoints;
        this.signer = signer;
        this.clock = clock;
    }

    /** Where the lines go. */
    @FunctionalInterface
    public interface Sink {
        void write(byte[] line) throws IOException;
    }

    /** Everything up to now. */
    public void write(Sink sink) throws IOException {
        long upTo = checkpoints.now().map(checkpoint -> checkpoint.seq()).orElse(0L);
        var out = new Digested(sink);
        var genesis = registry.read(View::auditGenesis);
        out.write(AuditLines.write(new AuditLines.Head(genesis, clock.instant(), keys())));
        var position = new Position(0, genesis);
        while (position.seq() < upTo) {
            var from = position;
            var lines = new ArrayList<byte[]>();
            position = registry.read(view -> page(view, from, upTo, genesis, lines));
            for (var line : lines) {
                out.write(line);
            }
        }
        out.end(position);
    }

    /** The last row that was written. */
    private record Position(long seq, Fingerprint head) {}

    private static Position page(View view, Position from, long upTo, Fingerprint genesis, List<byte[]> lines) {
        List<AuditEntry> rows = view.audit(from.seq(), PAGE);
        if (rows.isEmpty()) {
            throw new IllegalStateException("the audit has become shorter");
        }
        var walk = new AuditWalk(
                view,
                from.seq(),
                entry -> lines.add(AuditLines.write(entry)),
                checkpoint -> lines.add(AuditLines.write(checkpoint, genesis)));
        var last = from;
        for (var entry : rows) {
            if (entry.seq() <= upTo) {
                walk.entry(entry);
                last = new Position(entry.seq(), entry.hash());
            }
        }
        return last;
    }

    private List<String> keys() {
        return registry.read(View::checkpointKeys).values().stream()
                .map(key -> Base64.getEncoder().encodeToString(key.getEncoded()))
                .sorted()
                .toList();
    }

    private final class Digested {
        private final Sink sink;
        private final MessageDigest sha256;

        Digested(Sink sink) {
            this.sink = sink;
            try {
                this.sha256 = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        }

        void write(byte[] line) throws IOException {
            sha256.update(line);
            sink.write(line);
        }

        void end(Position last) throws IOException {
            var digest = Fingerprint.of(HexFormat.of().formatHex(sha256.digest()));
            var key = Fingerprint.sha256(signer.publicKey().getEncoded());
            var open = new AuditLines.End(last.seq(), last.head(), digest, key, "");
            var signature = Base64.getEncoder().encodeToString(signer.sign(open.statement()));
            sink.write(AuditLines.write(new AuditLines.End(last.seq(), last.head(), digest, key, signature)));
        }
    }
}

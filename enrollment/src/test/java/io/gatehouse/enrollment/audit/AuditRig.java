package io.gatehouse.enrollment.audit;

import io.gatehouse.enrollment.app.AuditCheckpoints;
import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.AuditCheckpoint;
import io.gatehouse.enrollment.app.port.CheckpointCopies;
import io.gatehouse.enrollment.ca.AuditKey;
import io.gatehouse.enrollment.store.SqliteRegistry;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.testkit.MutableClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A registry with an audit, a key, and a place elsewhere that can fail. */
final class AuditRig implements AutoCloseable {
    final MutableClock clock = MutableClock.at("2026-11-23T12:00:00Z");
    final AuditKey key;
    final Path file;
    final SqliteRegistry registry;
    final AuditCheckpoints checkpoints;
    final List<AuditCheckpoint> elsewhere = new ArrayList<>();
    final ByteArrayOutputStream elsewhereLines = new ByteArrayOutputStream();
    boolean away;

    AuditRig(Path file, long every) {
        this(file, every, AuditKey.inMemory());
    }

    AuditRig(Path file, long every, AuditKey key) {
        this.key = key;
        this.file = file;
        registry = SqliteRegistry.open(file, clock);
        CheckpointCopies copies = this::keep;
        checkpoints = new AuditCheckpoints(registry, key, Optional.of(copies), every, clock);
    }

    private void keep(AuditCheckpoint checkpoint, Fingerprint genesis) throws IOException {
        if (away) {
            throw new IOException("nobody there");
        }
        elsewhere.add(checkpoint);
        elsewhereLines.writeBytes(AuditLines.write(checkpoint, genesis));
    }

    void acts(int many) {
        for (int i = 0; i < many; i++) {
            registry.write(transaction -> {
                transaction.audit(new Actor("admin"), "device.revoke", "d-1", Map.of("reason", "kéy \"lost\"\n"));
                return true;
            });
        }
    }

    byte[] export() throws IOException {
        var out = new ByteArrayOutputStream();
        new AuditExport(registry, checkpoints, key, clock).write(out::write);
        return out.toByteArray();
    }

    Map<Fingerprint, PublicKey> keys() {
        return Map.of(Fingerprint.sha256(key.publicKey().getEncoded()), key.publicKey());
    }

    @Override
    public void close() {
        registry.close();
    }
}

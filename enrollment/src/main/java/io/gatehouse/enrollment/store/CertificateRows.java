package io.gatehouse.enrollment.store;

import io.gatehouse.enrollment.app.domain.DeviceCertificate;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.RevocationReason;
import java.time.Instant;

/** Certificates as rows. Stateless. */
final class CertificateRows {
    private CertificateRows() {}

    static void insert(Sql db, DeviceCertificate certificate) {
        db.execute(
                "INSERT INTO certificate (sha256, device_id, issuer, serial, state, reason, revoked_at, not_before,"
                        + " not_after, issued_at, key_sha256, key_barred, proof, retired, imported_from)"
                        + " VALUES (?, (SELECT id FROM device WHERE folded = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
                        + " (SELECT id FROM imported_authority WHERE sha256 = ?))",
                certificate.sha256().bytes(),
                certificate.device().caseFolded(),
                certificate.issuer(),
                certificate.serial().toByteArray(),
                certificate.state().word(),
                certificate.reason().map(RevocationReason::camelCase).orElse(null),
                certificate.since().map(Instant::toEpochMilli).orElse(null),
                certificate.notBefore().toEpochMilli(),
                certificate.notAfter().toEpochMilli(),
                certificate.issuedAt().toEpochMilli(),
                certificate.key().bytes(),
                certificate.keyBarred(),
                certificate.proof().word(),
                certificate.retired(),
                certificate.importedFrom().map(Fingerprint::bytes).orElse(null));
    }
}

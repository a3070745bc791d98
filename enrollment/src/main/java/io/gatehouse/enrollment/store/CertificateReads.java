package io.gatehouse.enrollment.store;

import io.gatehouse.enrollment.app.domain.DeviceCertificate;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Lists of certificates, each along an index. Stateless. */
final class CertificateReads {
    private static final String SELECT = "SELECT " + Rows.CERTIFICATE + SqliteView.FROM_CERTIFICATE;

    /** Two halves, since each has an index of its own. */
    private static final String OF_SERIAL = "SELECT id FROM certificate WHERE serial = ? AND imported_from IS NULL"
            + " UNION ALL SELECT id FROM certificate WHERE serial = ? AND imported_from IS NOT NULL";

    private CertificateReads() {}

    static List<DeviceCertificate> list(
            SqliteView view,
            Optional<DeviceId> device,
            Optional<BigInteger> serial,
            Optional<Fingerprint> after,
            int limit) {
        var where = new ArrayList<String>();
        var arguments = new ArrayList<Object>();
        device.ifPresent(id -> {
            where.add("d.folded = ?");
            arguments.add(id.caseFolded());
        });
        serial.ifPresent(number -> {
            where.add("c.id IN (" + OF_SERIAL + ")");
            arguments.add(number.toByteArray());
            arguments.add(number.toByteArray());
        });
        // Always bounded, so that each list is a walk along an index from where it begins; a serial's few are looked
        // up.
        where.add((serial.isPresent() ? "+" : "") + "c.id < coalesce((SELECT id FROM certificate WHERE sha256 = ?), "
                + Long.MAX_VALUE + ")");
        arguments.add(after.map(Fingerprint::bytes).orElseGet(() -> new byte[0]));
        arguments.add(limit);
        return view.many(
                Rows::certificate,
                SELECT + "WHERE " + String.join(" AND ", where) + " ORDER BY c.id DESC LIMIT ?",
                arguments.toArray());
    }

    static Optional<Instant> issuedAt(SqliteView view, DeviceId id, int newest) {
        return view.one(
                row -> Rows.time(row, 1),
                "SELECT c.issued_at" + SqliteView.FROM_CERTIFICATE
                        + "WHERE d.folded = ? AND c.issuer <> '' AND c.imported_from IS NULL"
                        + " ORDER BY c.id DESC LIMIT 1 OFFSET ?",
                id.caseFolded(),
                newest - 1);
    }

    static List<DeviceCertificate> live(SqliteView view, DeviceId id) {
        return view.many(
                Rows::certificate,
                SELECT + "WHERE d.folded = ? AND c.state IN ('valid', 'held') ORDER BY c.id DESC",
                id.caseFolded());
    }
}

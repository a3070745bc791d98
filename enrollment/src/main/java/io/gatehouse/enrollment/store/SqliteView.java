package io.gatehouse.enrollment.store;

import io.gatehouse.enrollment.app.domain.Broker;
import io.gatehouse.enrollment.app.domain.CertificateUse;
import io.gatehouse.enrollment.app.domain.Claim;
import io.gatehouse.enrollment.app.domain.ClaimUse;
import io.gatehouse.enrollment.app.domain.Device;
import io.gatehouse.enrollment.app.domain.DeviceCertificate;
import io.gatehouse.enrollment.app.domain.DeviceFilter;
import io.gatehouse.enrollment.app.domain.DevicesCa;
import io.gatehouse.enrollment.app.domain.Fleet;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.RevocationReason;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import javax.security.auth.x500.X500Principal;

/** One state of the database, seen by one connection inside a transaction. For one thread. */
class SqliteView extends AuditView {
    private static final String FROM_DEVICE = " FROM device d JOIN fleet f ON f.id = d.fleet_id ";
    static final String FROM_CERTIFICATE = " FROM certificate c JOIN device d ON d.id = c.device_id ";
    // An adopted certificate has no issuer until it is shown: it may be anybody's.
    private static final String LIVE_OF_ISSUER =
            " FROM certificate WHERE issuer IN (?, '') AND state IN ('valid', 'held') AND not_after >= ?";
    private static final int CERTIFICATE_HOLD = 6;

    private final ClaimReads claims;

    SqliteView(Sql db) {
        super(db);
        this.claims = new ClaimReads(this);
    }

    @Override
    public Optional<Fleet> fleet(FleetName name) {
        return one(Rows::fleet, "SELECT " + Rows.FLEET + " FROM fleet f WHERE f.name = ?", name.value());
    }

    @Override
    public List<Fleet> fleets(String after, int limit) {
        return many(
                Rows::fleet,
                "SELECT " + Rows.FLEET + " FROM fleet f WHERE f.name > ? ORDER BY f.name LIMIT ?",
                after,
                limit);
    }

    @Override
    public Optional<Device> device(DeviceId id) {
        return one(Rows::device, "SELECT " + Rows.DEVICE + FROM_DEVICE + "WHERE d.folded = ?", id.caseFolded());
    }

    @Override
    public List<Device> devices(DeviceFilter filter, String after, int limit) {
        String prefix = filter.idPrefix().orElse("").toLowerCase(Locale.ROOT);
        // One lower bound, not two, so that every list finds its index.
        boolean fromPrefix = prefix.compareTo(after) > 0;
        var sql = new StringBuilder("SELECT ").append(Rows.DEVICE).append(FROM_DEVICE);
        sql.append(fromPrefix ? "WHERE d.folded >= ?" : "WHERE d.folded > ?");
        var arguments = new ArrayList<Object>();
        arguments.add(fromPrefix ? prefix : after);
        if (!prefix.isEmpty()) {
            sql.append(" AND d.folded < ?");
            arguments.add(prefix + '\u007f');
        }
        filter.fleet().ifPresent(fleet -> {
            sql.append(" AND d.fleet_id = (SELECT id FROM fleet WHERE name = ?)");
            arguments.add(fleet.value());
        });
        filter.state().ifPresent(state -> {
            sql.append(" AND d.shown = ?");
            arguments.add(state);
        });
        sql.append(" ORDER BY d.folded LIMIT ?");
        arguments.add(limit);
        return many(Rows::device, sql.toString(), arguments.toArray());
    }

    @Override
    public Optional<DeviceCertificate> certificate(Fingerprint sha256) {
        return one(
                Rows::certificate,
                "SELECT " + Rows.CERTIFICATE + FROM_CERTIFICATE + "WHERE c.sha256 = ?",
                sha256.bytes());
    }

    @Override
    public Optional<DeviceCertificate> certificate(String issuer, BigInteger serial) {
        return one(
                Rows::certificate,
                "SELECT " + Rows.CERTIFICATE + FROM_CERTIFICATE
                        + "WHERE c.serial = ? AND c.issuer = ? AND c.imported_from IS NULL",
                serial.toByteArray(),
                issuer);
    }

    @Override
    public List<DeviceCertificate> certificatesOf(DeviceId id, int limit) {
        return CertificateReads.list(this, Optional.of(id), Optional.empty(), Optional.empty(), limit);
    }

    @Override
    public List<DeviceCertificate> certificates(
            Optional<DeviceId> device, Optional<BigInteger> serial, Optional<Fingerprint> after, int limit) {
        return CertificateReads.list(this, device, serial, after, limit);
    }

    @Override
    public List<DeviceCertificate> liveCertificatesOf(DeviceId id) {
        return CertificateReads.live(this, id);
    }

    @Override
    public Optional<Instant> issuedAt(DeviceId id, int newest) {
        return CertificateReads.issuedAt(this, id, newest);
    }

    @Override
    public byte[] der(Fingerprint sha256) {
        return one(
                        row -> row.getBytes(1),
                        "SELECT e.der FROM certificate c JOIN certificate_der e ON e.id = c.id WHERE c.sha256 = ?",
                        sha256.bytes())
                .orElseThrow(() -> new IllegalStateException("no such certificate"));
    }

    @Override
    public boolean keyUsed(Fingerprint key) {
        return one(row -> true, "SELECT 1 FROM certificate WHERE key_sha256 = ? LIMIT 1", key.bytes())
                .isPresent();
    }

    @Override
    public boolean keyBarred(Fingerprint key) {
        return one(row -> true, "SELECT 1 FROM certificate WHERE key_sha256 = ? AND key_barred LIMIT 1", key.bytes())
                .isPresent();
    }

    @Override
    public boolean keyRevokedWith(DeviceId device, Fingerprint key, Instant revoked) {
        return RenewalRows.keyRevokedWith(this, device, key, revoked);
    }

    @Override
    public Optional<CertificateUse> certificateUse(Fingerprint presented) {
        return RenewalRows.use(this, presented);
    }

    @Override
    public List<Fleet> fleetsTrusting(List<X500Principal> issuers, int limit) {
        return RenewalRows.fleetsTrusting(this, issuers, limit);
    }

    @Override
    public ReissueRows reissues() {
        return new ReissueRows(this);
    }

    @Override
    public Optional<Claim> claim(String id) {
        return claims.claim(id);
    }

    @Override
    public Optional<Claim> claimBySecret(Fingerprint secretSha256) {
        return claims.bySecret(secretSha256);
    }

    @Override
    public List<Claim> claims(Optional<FleetName> fleet, Optional<DeviceId> device, Optional<String> after, int limit) {
        return claims.list(fleet, device, after, limit);
    }

    @Override
    public boolean claimedAlone(DeviceId device, Instant now) {
        return claims.claimedAlone(device, now);
    }

    @Override
    public Optional<ClaimUse> claimUse(String claim, DeviceId device) {
        return claims.use(claim, device);
    }

    @Override
    public Optional<ClaimUse> pending(DeviceId device) {
        return claims.pending(device);
    }

    @Override
    public List<ClaimUse> pending(String after, int limit) {
        return claims.pending(after, limit);
    }

    @Override
    public List<ClaimUse> pendingOf(String claim, int limit) {
        return claims.pendingOf(claim, limit);
    }

    @Override
    public int pendingCount(String claim) {
        return claims.pendingCount(claim);
    }

    @Override
    public int pendingCount(int most) {
        return claims.pendingCount(most);
    }

    @Override
    public Optional<Broker> broker(BrokerName name) {
        return one(BrokerRows::broker, "SELECT " + BrokerRows.COLUMNS + " FROM broker WHERE name = ?", name.value());
    }

    @Override
    public List<Broker> brokers() {
        return many(BrokerRows::broker, "SELECT " + BrokerRows.COLUMNS + " FROM broker ORDER BY name");
    }

    @Override
    public Optional<BrokerCertificate> brokerCertificate(Fingerprint sha256) {
        return one(
                BrokerRows::certificate,
                "SELECT c.sha256, b.name, c.not_before, c.not_after FROM broker_certificate c"
                        + " JOIN broker b ON b.id = c.broker_id WHERE c.sha256 = ?",
                sha256.bytes());
    }

    @Override
    public Optional<BrokerName> brokerOfKey(Fingerprint key) {
        return one(
                row -> BrokerName.of(row.getString(1)),
                "SELECT b.name FROM broker_certificate c JOIN broker b ON b.id = c.broker_id"
                        + " WHERE c.spki_sha256 = ? LIMIT 1",
                key.bytes());
    }

    @Override
    public Optional<Instant> feedCertificateFrom(BrokerName broker, int newest) {
        return one(
                row -> Rows.time(row, 1),
                "SELECT c.not_before FROM broker_certificate c"
                        + " WHERE c.broker_id = (SELECT id FROM broker WHERE name = ?) ORDER BY c.id DESC LIMIT 1 OFFSET ?",
                broker.value(),
                newest - 1);
    }

    @Override
    public void listed(String issuer, Instant endingAfter, Consumer<ListedCertificate> sink) {
        each(
                row -> new ListedCertificate(
                        new BigInteger(1, row.getBytes(1)),
                        Rows.time(row, 2),
                        Optional.ofNullable(row.getString(3))
                                .flatMap(RevocationReason::parse)
                                .map(RevocationReason::code)
                                .orElse(CERTIFICATE_HOLD),
                        Rows.time(row, 4)),
                sink,
                "SELECT serial, revoked_at, reason, not_after FROM certificate"
                        + " WHERE state IN ('revoked', 'held') AND not_after > ? AND issuer = ?"
                        + " AND imported_from IS NULL ORDER BY id",
                endingAfter.toEpochMilli(),
                issuer);
    }

    @Override
    public List<ImportedAuthority> importedAuthorities() {
        return many(
                row -> new ImportedAuthority(Rows.fingerprint(row.getBytes(1)), row.getBytes(2), Rows.time(row, 3)),
                "SELECT sha256, der, imported_at FROM imported_authority ORDER BY id");
    }

    @Override
    public boolean namesAuthority(String name) {
        return one(row -> true, "SELECT 1 FROM authority WHERE name = ?", name).isPresent();
    }

    @Override
    public boolean hasLiveImported(Fingerprint authority, Instant now) {
        return one(
                        row -> true,
                        "SELECT 1 FROM certificate WHERE imported_from = (SELECT id FROM imported_authority WHERE sha256 = ?)"
                                + " AND state IN ('valid', 'held') AND not_after >= ? LIMIT 1",
                        authority.bytes(),
                        now.toEpochMilli())
                .isPresent();
    }

    @Override
    public List<DevicesCa> devicesCas() {
        return many(
                Rows::devicesCa,
                "SELECT generation, name, sha256, issuer, state, since, not_after FROM devices_ca ORDER BY generation");
    }

    @Override
    public boolean hasLive(String issuer, Instant now) {
        return one(row -> true, "SELECT 1" + LIVE_OF_ISSUER + " LIMIT 1", issuer, now.toEpochMilli())
                .isPresent();
    }

    @Override
    public long countLive(String issuer, Instant now) {
        return one(row -> row.getLong(1), "SELECT count(*)" + LIVE_OF_ISSUER, issuer, now.toEpochMilli())
                .orElseThrow();
    }

    @Override
    public Optional<StoredCrl> crl(String name) {
        return one(
                row -> new StoredCrl(name, new BigInteger(row.getString(1)), Rows.time(row, 2), Rows.time(row, 3)),
                "SELECT number, this_update, next_update FROM crl WHERE name = ?",
                name);
    }

    @Override
    public Position position() {
        return one(row -> new Position(row.getString(1), row.getLong(2)), "SELECT epoch, revision FROM home")
                .orElseThrow();
    }

    @Override
    public DirectoryEnd directoryEnd() {
        return EndedRows.end(this);
    }

    @Override
    public long oldestChange() {
        return one(row -> row.getLong(1), "SELECT coalesce((SELECT min(revision) FROM change), revision + 1) FROM home")
                .orElseThrow();
    }

    @Override
    public List<ChangeLine> changes(long after, int limit) {
        return many(
                row -> new ChangeLine(row.getLong(1), row.getBytes(2)),
                "SELECT revision, line FROM change WHERE revision > ? ORDER BY revision LIMIT ?",
                after,
                limit);
    }

    @Override
    public void snapshot(Instant now, Consumer<byte[]> sink) {
        new Snapshot(this).write(now, sink);
    }
}

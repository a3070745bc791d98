package io.gatehouse.enrollment.store;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.admission.feed.FeedCodec;
import io.gatehouse.admission.feed.FeedLine;
import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.AuditChain;
import io.gatehouse.enrollment.app.domain.AuditCheckpoint;
import io.gatehouse.enrollment.app.domain.Broker;
import io.gatehouse.enrollment.app.domain.CertificateStatus;
import io.gatehouse.enrollment.app.domain.CertificateUse;
import io.gatehouse.enrollment.app.domain.Claim;
import io.gatehouse.enrollment.app.domain.ClaimUse;
import io.gatehouse.enrollment.app.domain.Device;
import io.gatehouse.enrollment.app.domain.DeviceCertificate;
import io.gatehouse.enrollment.app.domain.DevicesCa;
import io.gatehouse.enrollment.app.domain.Fleet;
import io.gatehouse.enrollment.app.domain.Witness;
import io.gatehouse.enrollment.app.port.Transaction;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.RevocationReason;
import io.gatehouse.identity.policy.PolicyDocument;
import java.math.BigInteger;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One unit of work. What it saves is collected as directory entries, the last of each thing, and numbered at its end. */
final class SqliteTransaction extends SqliteView implements Transaction {
    private final InstantSource clock;
    private final Map<Object, Entry> entries = new LinkedHashMap<>();
    private final List<String> kicked = new ArrayList<>();
    private final List<CertificateStatus> statuses = new ArrayList<>();
    private final ClaimWrites claims;
    private final EndedRows ended;
    private Heads heads;

    SqliteTransaction(Sql db, Heads heads, InstantSource clock) {
        super(db);
        this.heads = heads;
        this.clock = clock;
        this.claims = new ClaimWrites(db);
        this.ended = new EndedRows(this, entries);
    }

    /** Numbers and stores what brokers must know of this unit; nothing when they need not know. */
    Optional<ChangeLine> finish() {
        if (entries.isEmpty() && kicked.isEmpty()) {
            return Optional.empty();
        }
        long revision = heads.revision() + 1;
        byte[] line = FeedCodec.write(new FeedLine.Change(revision, List.copyOf(entries.values()), kicked));
        db.execute("INSERT INTO change (revision, line) VALUES (?, ?)", revision, line);
        heads = heads.withRevision(revision);
        return Optional.of(new ChangeLine(revision, line));
    }

    Heads heads() {
        return heads;
    }

    /** Of every certificate that this unit wrote: what relying parties may have to be told anew. */
    List<CertificateStatus> statuses() {
        return statuses;
    }

    @Override
    public void kick(String session) {
        kicked.add(session);
    }

    @Override
    public void save(Fleet fleet) {
        tell(fleet.name(), fleet(fleet.name()).map(Entries::of), Entries.of(fleet));
        db.execute(
                "INSERT INTO fleet (name, kind, state, lifetime, sessions_max, policy, rules, version, created_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET state = excluded.state,"
                        + " lifetime = excluded.lifetime, sessions_max = excluded.sessions_max,"
                        + " policy = excluded.policy, rules = excluded.rules, version = excluded.version",
                fleet.name().value(),
                fleet.kind().word(),
                fleet.state().word(),
                fleet.lifetime().toMillis(),
                fleet.sessionsMax(),
                Rows.json(PolicyDocument.write(fleet.policy())),
                RulesText.write(fleet.rules()),
                fleet.version(),
                fleet.createdAt().toEpochMilli());
        RenewalRows.saveAnchors(this, fleet);
    }

    @Override
    public void save(Device device) {
        var before = device(device.id());
        // Brokers need not know who has never been let in.
        if (device.state() != DeviceState.PENDING && device.state() != DeviceState.REJECTED) {
            tell(device.id(), before.map(Entries::of), Entries.of(device));
        }
        before.map(Device::fleet)
                .filter(fleet -> !fleet.equals(device.fleet()))
                .ifPresent(fleet -> reissues().moved(device.id(), fleet, device.fleet()));
        db.execute(
                "INSERT INTO device (name, folded, fleet_id, state, shown, attributes, revoked_at, reinstated,"
                        + " revocations, created_at, updated_at)"
                        + " VALUES (?, ?, (SELECT id FROM fleet WHERE name = ?), ?, ?, ?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (folded) DO UPDATE SET fleet_id = excluded.fleet_id, state = excluded.state,"
                        + " shown = excluded.shown, attributes = excluded.attributes,"
                        + " revoked_at = excluded.revoked_at, reinstated = excluded.reinstated,"
                        + " revocations = excluded.revocations,"
                        + " updated_at = excluded.updated_at",
                device.id().value(),
                device.id().caseFolded(),
                device.fleet().value(),
                device.state().word(),
                device.shownState(),
                Rows.json(device.attributes()),
                millis(device.revokedAt()),
                device.reinstated(),
                device.revocations(),
                device.createdAt().toEpochMilli(),
                device.updatedAt().toEpochMilli());
    }

    @Override
    public void insert(DeviceCertificate certificate, byte[] der) {
        tell(certificate, Optional.empty());
        CertificateRows.insert(db, certificate);
        db.execute("INSERT INTO certificate_der (id, der) VALUES (last_insert_rowid(), ?)", der);
        told(certificate);
    }

    @Override
    public void adopt(DeviceCertificate certificate) {
        tell(certificate, Optional.empty());
        CertificateRows.insert(db, certificate);
    }

    @Override
    public void complete(DeviceCertificate certificate, byte[] der) {
        boolean known = certificate(certificate.sha256()).filter(ended::holds).isPresent();
        RestorationRows.complete(db, certificate, der);
        if (ended.holds(certificate)) {
            entries.put(certificate.sha256(), Entries.of(certificate));
        } else if (known) { // the witness had another end of it
            entries.put(certificate.sha256(), new Entry.CertificateRemoved(certificate.sha256()));
        }
        told(certificate);
    }

    @Override
    public void save(Witness witness) {
        RestorationRows.save(db, witness);
    }

    @Override
    public void finishRestoration(Instant at) {
        RestorationRows.finish(db, at);
    }

    @Override
    public void update(DeviceCertificate certificate) {
        var before = certificate(certificate.sha256());
        tell(certificate, before.map(Entries::of));
        if (!certificate.live() && before.filter(DeviceCertificate::live).isPresent()) {
            reissues().gone(certificate.sha256());
        }
        db.execute(
                "UPDATE certificate SET state = ?, reason = ?, revoked_at = ?, key_barred = ?, proof = ?, retired = ?"
                        + " WHERE sha256 = ?",
                certificate.state().word(),
                reason(certificate),
                millis(certificate.since()),
                certificate.keyBarred(),
                certificate.proof().word(),
                certificate.retired(),
                certificate.sha256().bytes());
        told(certificate);
    }

    @Override
    public int removeEnded(Instant before, int most) {
        return ended.remove(before, most);
    }

    @Override
    public int takeBackEnded(Instant since, int most) {
        return ended.takeBack(since, most);
    }

    @Override
    public void barKeysOf(DeviceId device) {
        db.execute(
                "UPDATE certificate SET key_barred = 1 WHERE device_id = (SELECT id FROM device WHERE folded = ?)",
                device.caseFolded());
    }

    @Override
    public void unbarKey(DeviceId device, Fingerprint key) {
        RenewalRows.unbarKey(this, device, key);
    }

    @Override
    public void save(CertificateUse use, Instant at) {
        RenewalRows.save(this, use, at);
    }

    @Override
    public void revokeSuperseded(DeviceId device, RevocationReason why, Instant at) {
        var revoked = many(
                row -> row.getBytes(4) != null
                        ? Optional.<CertificateStatus>empty()
                        : Optional.of(CertificateStatus.of(
                                row.getString(1),
                                new BigInteger(1, row.getBytes(2)),
                                Rows.time(row, 3),
                                CertificateState.REVOKED,
                                Optional.of(why),
                                Optional.of(at))),
                "UPDATE certificate SET state = 'revoked', reason = ?, revoked_at = ?, retired = 1"
                        + " WHERE device_id = (SELECT id FROM device WHERE folded = ?) AND state = 'superseded'"
                        + " AND not_after >= ? RETURNING issuer, serial, not_after, imported_from",
                why.camelCase(),
                at.toEpochMilli(),
                device.caseFolded(),
                at.toEpochMilli());
        revoked.forEach(ours -> ours.ifPresent(statuses::add));
    }

    @Override
    public void insert(Claim claim, Fingerprint secretSha256) {
        claims.insert(claim, secretSha256);
    }

    @Override
    public void update(Claim claim) {
        claims.update(claim);
    }

    @Override
    public void save(ClaimUse use) {
        claims.save(use);
    }

    @Override
    public int cancelClaimsOf(DeviceId device) {
        return claims.cancelOf(device);
    }

    @Override
    public int endRequestsOf(DeviceId device) {
        return claims.endRequestsOf(device);
    }

    @Override
    public void save(Broker broker) {
        BrokerRows.save(db, broker);
    }

    @Override
    public void insert(BrokerCertificate certificate, Fingerprint key) {
        BrokerRows.insert(db, certificate, key);
    }

    @Override
    public void remove(BrokerName broker) {
        BrokerRows.remove(db, broker);
    }

    @Override
    public boolean saveAuthority(String name, byte[] der) {
        var before = one(row -> row.getBytes(1), "SELECT der FROM authority WHERE name = ?", name);
        if (before.isPresent() && Arrays.equals(before.get(), der)) {
            return false;
        }
        entries.put("authority " + name, new Entry.AuthorityEntry(name, der));
        db.execute(
                "INSERT INTO authority (name, der) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET der = excluded.der",
                name,
                der);
        return true;
    }

    @Override
    public void save(ImportedAuthority authority) {
        db.execute(
                "INSERT INTO imported_authority (sha256, der, imported_at) VALUES (?, ?, ?) ON CONFLICT (sha256) DO NOTHING",
                authority.sha256().bytes(),
                authority.der(),
                authority.importedAt().toEpochMilli());
    }

    @Override
    public boolean removeAuthority(String name) {
        if (one(row -> row.getInt(1), "SELECT 1 FROM authority WHERE name = ?", name)
                .isEmpty()) {
            return false;
        }
        entries.put("authority " + name, new Entry.AuthorityRemoved(name));
        db.execute("DELETE FROM authority WHERE name = ?", name);
        return true;
    }

    @Override
    public void save(DevicesCa ca) {
        CaRows.save(db, ca);
    }

    @Override
    public void save(StoredCrl crl) {
        CaRows.save(db, crl);
    }

    @Override
    public void audit(Actor actor, String action, String subject, Map<String, ?> detail) {
        var entry = AuditChain.entry(
                heads.auditSeq() + 1,
                clock.instant(),
                actor.name(),
                action,
                subject,
                Rows.json(detail),
                heads.auditHash());
        db.execute(
                "INSERT INTO audit (seq, at, actor, action, subject, detail, previous, hash)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                entry.seq(),
                entry.time().toEpochMilli(),
                entry.actor(),
                entry.action(),
                entry.subject(),
                entry.detail(),
                entry.previous().bytes(),
                entry.hash().bytes());
        heads = heads.withAudit(entry.seq(), entry.hash());
    }

    /** What others issued is on no CRL and in no OCSP answer of ours. */
    private void told(DeviceCertificate certificate) {
        if (certificate.importedFrom().isEmpty() && !certificate.adopted()) {
            statuses.add(CertificateStatus.of(certificate));
        }
    }

    @Override
    public void insert(AuditCheckpoint checkpoint, byte[] publicKey) {
        CheckpointRows.insert(db, checkpoint, publicKey);
    }

    @Override
    public void checkpointsCopied(long upTo) {
        CheckpointRows.copied(db, upTo);
    }

    /** An adopted certificate might be of any authority that brokers trust, as long as nobody has seen it. */
    private void tell(DeviceCertificate certificate, Optional<Entry> before) {
        if (ended.holds(certificate)
                && (!certificate.adopted() || importedAuthorities().isEmpty())) {
            tell(certificate.sha256(), before, Entries.of(certificate));
        }
    }

    private void tell(Object key, Optional<Entry> before, Entry after) {
        if (entries.containsKey(key) || !before.equals(Optional.of(after))) {
            entries.put(key, after);
        }
    }

    private static @Nullable String reason(DeviceCertificate certificate) {
        return certificate.reason().map(RevocationReason::camelCase).orElse(null);
    }

    private static @Nullable Long millis(Optional<Instant> time) {
        return time.map(Instant::toEpochMilli).orElse(null);
    }
}

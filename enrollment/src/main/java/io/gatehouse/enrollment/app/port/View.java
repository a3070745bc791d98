package io.gatehouse.enrollment.app.port;

import io.gatehouse.enrollment.app.domain.AuditCheckpoint;
import io.gatehouse.enrollment.app.domain.AuditEntry;
import io.gatehouse.enrollment.app.domain.Broker;
import io.gatehouse.enrollment.app.domain.CertificateUse;
import io.gatehouse.enrollment.app.domain.Claim;
import io.gatehouse.enrollment.app.domain.ClaimUse;
import io.gatehouse.enrollment.app.domain.Device;
import io.gatehouse.enrollment.app.domain.DeviceCertificate;
import io.gatehouse.enrollment.app.domain.DeviceFilter;
import io.gatehouse.enrollment.app.domain.DevicesCa;
import io.gatehouse.enrollment.app.domain.Fleet;
import io.gatehouse.enrollment.app.domain.Restoration;
import io.gatehouse.enrollment.app.domain.Witness;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.FleetName;
import java.math.BigInteger;
import java.security.PublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javax.security.auth.x500.X500Principal;

/** One consistent state of the registry. Good only inside the call that was given it, on that thread. */
public interface View {
    Optional<Fleet> fleet(FleetName name);

    /** By name, after the given one. */
    List<Fleet> fleets(String after, int limit);

    /** The device whose id is this one but for case; the caller compares when it matters. */
    Optional<Device> device(DeviceId id);

    /** By case-folded id, after the given one; {@link DeviceFilter#connected} is left to the caller. */
    List<Device> devices(DeviceFilter filter, String after, int limit);

    Optional<DeviceCertificate> certificate(Fingerprint sha256);

    /** A certificate that we issued; what was imported has the serials of its own issuer. */
    Optional<DeviceCertificate> certificate(String issuer, BigInteger serial);

    /** The newest first. */
    List<DeviceCertificate> certificatesOf(DeviceId id, int limit);

    /** The newest first, before the given one: of one device, of one serial number, or all. */
    List<DeviceCertificate> certificates(
            Optional<DeviceId> device, Optional<BigInteger> serial, Optional<Fingerprint> after, int limit);

    /** Those that are valid or held, the newest first. */
    List<DeviceCertificate> liveCertificatesOf(DeviceId id);

    /**
     * When the so-many-th newest of the certificates was issued that this service issued to the device; nothing when it issued fewer.
     * What was imported, or is known from a witness alone, does not count.
     */
    Optional<Instant> issuedAt(DeviceId id, int newest);

    /** The encoding of a certificate that is in the registry. */
    byte[] der(Fingerprint sha256);

    /** Whether a certificate was ever issued for this key. */
    boolean keyUsed(Fingerprint key);

    /** Whether this key must never be certified again. */
    boolean keyBarred(Fingerprint key);

    /** Whether the device had a certificate for this key that was good until the device as a whole was revoked at this time. */
    boolean keyRevokedWith(DeviceId device, Fingerprint key, Instant revoked);

    /** What a certificate that lets in once was given, when it was used. */
    Optional<CertificateUse> certificateUse(Fingerprint presented);

    /** Fleets that take factory certificates of an authority with one of these names; the caller judges the path. */
    List<Fleet> fleetsTrusting(List<X500Principal> issuers, int limit);

    /** Orders to fleets to renew. */
    ReissueView reissues();

    Optional<Claim> claim(String id);

    Optional<Claim> claimBySecret(Fingerprint secretSha256);

    /** In order of making, after the given id. */
    List<Claim> claims(Optional<FleetName> fleet, Optional<DeviceId> device, Optional<String> after, int limit);

    /** Whether there is an open claim for this device alone, in any writing of its case. */
    boolean claimedAlone(DeviceId device, Instant now);

    /** What became of this claim for this id, in any writing of its case. */
    Optional<ClaimUse> claimUse(String claim, DeviceId device);

    /** The request of this device that waits for approval: it has at most one. */
    Optional<ClaimUse> pending(DeviceId device);

    /** What waits for approval, by case-folded id, after the given one. */
    List<ClaimUse> pending(String after, int limit);

    /** What waits for approval by this claim. */
    List<ClaimUse> pendingOf(String claim, int limit);

    /** How many wait for approval by this claim. */
    int pendingCount(String claim);

    /** How many wait for approval in all, counted no further than {@code most}. */
    int pendingCount(int most);

    Optional<Broker> broker(BrokerName name);

    List<Broker> brokers();

    Optional<BrokerCertificate> brokerCertificate(Fingerprint sha256);

    /** Which broker has or had a feed certificate for the key with this SHA-256; not known of those issued by older versions. */
    Optional<BrokerName> brokerOfKey(Fingerprint key);

    /** From when on the so-many-th newest of the broker's feed certificates is valid; nothing when it has fewer. */
    Optional<Instant> feedCertificateFrom(BrokerName broker, int newest);

    /** In order of sequence, after the given one. */
    List<AuditEntry> audit(long after, int limit);

    /** The newest first, before the given one. */
    List<AuditEntry> auditBefore(long before, int limit);

    /** All of the audit in order. */
    void audit(Consumer<AuditEntry> sink);

    /** What the first row of the audit follows: bound to this home. */
    Fingerprint auditGenesis();

    /** The authorities of others that certificates were ever imported of, in that order; there are few. */
    List<ImportedAuthority> importedAuthorities();

    /** Whether brokers are told of an authority under this name. */
    boolean namesAuthority(String name);

    /** Whether a certificate that was imported of this authority is valid or held, and has not ended. */
    boolean hasLiveImported(Fingerprint authority, Instant now);

    /**
     * What belongs on the CRL of that issuer, named as {@link DeviceCertificate#issuer} has it: its revoked and held certificates that
     * end after the given time, in the order in which they were issued.
     */
    void listed(String issuer, Instant endingAfter, Consumer<ListedCertificate> sink);

    /** The restore that this registry comes from. */
    Optional<Restoration> restoration();

    /** What brokers said about the time after the backup, by name. */
    List<Witness> witnesses();

    Optional<Witness> witness(BrokerName broker);

    /** The checkpoint of the latest row. */
    Optional<AuditCheckpoint> lastCheckpoint();

    /** The first checkpoint of a row after that one. */
    Optional<AuditCheckpoint> checkpointAfter(long seq);

    /** In order, those that are not yet kept elsewhere. */
    List<AuditCheckpoint> checkpointsNotCopied(int limit);

    /** The keys that ever signed checkpoints here, by the SHA-256 of their SubjectPublicKeyInfo. */
    Map<Fingerprint, PublicKey> checkpointKeys();

    /** The devices CAs of this home, by generation. */
    List<DevicesCa> devicesCas();

    /**
     * Whether a certificate of that issuer, named as {@link DeviceCertificate#issuer} has it, is valid or held and has not ended. May walk
     * over every certificate.
     */
    boolean hasLive(String issuer, Instant now);

    /** How many are; walks over every certificate. */
    long countLive(String issuer, Instant now);

    Optional<StoredCrl> crl(String name);

    /** The epoch and the revision of this state. */
    Position position();

    /** How far the directory has been rid of certificates that ended. */
    DirectoryEnd directoryEnd();

    /** The oldest revision whose change is still kept; one more than the current when none is. */
    long oldestChange();

    /** The changes after a revision, in order, each as the line that brokers read. */
    List<ChangeLine> changes(long after, int limit);

    /** The whole directory as lines of the feed, from the snapshot's begin to its end. */
    void snapshot(Instant now, Consumer<byte[]> sink);

    /** A certificate of a broker, for the feed. */
    record BrokerCertificate(Fingerprint sha256, BrokerName broker, Instant notBefore, Instant notAfter) {}

    /** An authority of somebody else, by the SHA-256 of its certificate. */
    @SuppressWarnings("ArrayRecordComponent") // the fingerprint stands for it
    record ImportedAuthority(Fingerprint sha256, byte[] der, Instant importedAt) {}

    /** An entry of a CRL; {@code reasonCode} as RFC 5280, section 5.3.1, numbers it, 6 for certificateHold, 0 to leave it out. */
    record ListedCertificate(BigInteger serial, Instant since, int reasonCode, Instant notAfter) {}

    /** The numbers of a CRL as it was last issued, so that the next number is higher. */
    record StoredCrl(String name, BigInteger number, Instant thisUpdate, Instant nextUpdate) {}

    /** A position in the feed. */
    record Position(String epoch, long revision) {}

    /**
     * Certificates leave the directory in the order of their ends.
     *
     * @param last no certificate that ended before this is in the directory
     * @param next when the next one ends that is in it
     */
    record DirectoryEnd(Instant last, Optional<Instant> next) {}

    /** One revision's line, with its line feed. */
    @SuppressWarnings("ArrayRecordComponent") // written to a socket, never compared
    record ChangeLine(long revision, byte[] line) {}
}

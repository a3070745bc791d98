package io.gatehouse.enrollment.app.port;

import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.AuditCheckpoint;
import io.gatehouse.enrollment.app.domain.Broker;
import io.gatehouse.enrollment.app.domain.CertificateUse;
import io.gatehouse.enrollment.app.domain.Claim;
import io.gatehouse.enrollment.app.domain.ClaimUse;
import io.gatehouse.enrollment.app.domain.Device;
import io.gatehouse.enrollment.app.domain.DeviceCertificate;
import io.gatehouse.enrollment.app.domain.DevicesCa;
import io.gatehouse.enrollment.app.domain.Fleet;
import io.gatehouse.enrollment.app.domain.Witness;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.RevocationReason;
import java.time.Instant;
import java.util.Map;

/**
 * A unit of work: sees what it has written so far. What brokers must know of a change is derived from the rows that it saved, so
 * that state and directory cannot differ.
 */
public interface Transaction extends View {
    /** Brokers end the session of this id, as its broker knows it. Nothing is stored but that they are told. */
    void kick(String session);

    /** Inserts it or replaces what is stored under its name. */
    void save(Fleet fleet);

    /** Inserts it or replaces what is stored under its id. */
    void save(Device device);

    void insert(DeviceCertificate certificate, byte[] der);

    /** Replaces the changeable members of a stored certificate. */
    void update(DeviceCertificate certificate);

    /**
     * Takes certificates that ended before that time out of the directory, in the order of their ends; how many. From then on brokers
     * are told nothing of them, whatever becomes of them.
     */
    int removeEnded(Instant before, int most);

    /**
     * Takes those back into it that end at that time or later, the last that left first, as they are now; how many. Below {@code most}
     * all of them are in it.
     */
    int takeBackEnded(Instant since, int most);

    /** Bars every key that this device ever had a certificate for. */
    void barKeysOf(DeviceId device);

    @Override
    ReissueOrders reissues();

    /** The device may have certificates for this key again. */
    void unbarKey(DeviceId device, Fingerprint key);

    /** Inserts it or replaces what is stored for the certificate that was shown. */
    void save(CertificateUse use, Instant at);

    /**
     * Revokes what is left of a device's certificates, superseded ones that have not ended. Brokers are not told: they refuse a
     * superseded certificate anyway, and there may be very many.
     */
    void revokeSuperseded(DeviceId device, RevocationReason reason, Instant at);

    void insert(Claim claim, Fingerprint secretSha256);

    void update(Claim claim);

    /** Inserts it or replaces the changeable members of what is stored for its claim and device. */
    void save(ClaimUse use);

    /** Cancels the open claims for this device alone; how many there were. */
    int cancelClaimsOf(DeviceId device);

    /** Rejects what waits for approval or was approved and not fetched, of whatever claim; how many there were. */
    int endRequestsOf(DeviceId device);

    /** Inserts it or replaces what is stored under its name. */
    void save(Broker broker);

    /** @param key the SHA-256 of the key that it was issued for */
    void insert(BrokerCertificate certificate, Fingerprint key);

    /** Forgets a broker and its certificates. */
    void remove(BrokerName broker);

    /** Names an authority that brokers trust for devices; false when it was named so already. */
    boolean saveAuthority(String name, byte[] der);

    /** Keeps it for good; nothing happens when it is there. */
    void save(ImportedAuthority authority);

    /** Brokers trust that authority no more; false when it was not named. */
    boolean removeAuthority(String name);

    /** Inserts it or replaces what is stored of its generation. */
    void save(DevicesCa ca);

    void save(StoredCrl crl);

    /** Appends to the audit. The details are strings, numbers, booleans, or lists of them; never a secret. */
    void audit(Actor actor, String action, String subject, Map<String, ?> detail);

    /**
     * Inserts a certificate of which only fingerprint, device, state and times are known. Brokers are told, unless authorities of others
     * are imported: then nothing says which authority issued it.
     */
    void adopt(DeviceCertificate certificate);

    /** Fills in what an adopted certificate itself tells; brokers are told as of any other from now on. */
    void complete(DeviceCertificate certificate, byte[] der);

    /** Inserts it or replaces what is stored for its broker. */
    void save(Witness witness);

    /** No witness is asked any more. */
    void finishRestoration(Instant at);

    /** @param publicKey the signer's SubjectPublicKeyInfo */
    void insert(AuditCheckpoint checkpoint, byte[] publicKey);

    /** The checkpoints up to that row are kept elsewhere, too. */
    void checkpointsCopied(long upTo);
}

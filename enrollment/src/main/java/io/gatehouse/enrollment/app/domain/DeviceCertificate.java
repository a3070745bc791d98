package io.gatehouse.enrollment.app.domain;

import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.RevocationReason;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Optional;

/**
 * A certificate in the registry, without its encoding.
 *
 * @param sha256 of the certificate's DER
 * @param issuer the issuer's name as RFC 2253 writes it
 * @param reason why it is revoked; present when, and only when, it is
 * @param since when it was revoked or put on hold; present when it is
 * @param issuedAt when the service made it; notBefore is earlier, for clocks that go behind
 * @param key SHA-256 of the SubjectPublicKeyInfo
 * @param keyBarred no certificate may ever be issued for this key again
 * @param proof how far the device has proven that it has this certificate
 * @param retired a broker has seen the successor: brokers refuse this one as superseded, renewal still takes it
 * @param importedFrom SHA-256 of the certificate of the authority that issued it, when that is none of ours: then it is on no CRL
 *     and in no OCSP answer of ours, and what it may do rests on its fingerprint alone
 */
public record DeviceCertificate(
        Fingerprint sha256,
        DeviceId device,
        BigInteger serial,
        String issuer,
        CertificateState state,
        Optional<RevocationReason> reason,
        Optional<Instant> since,
        Instant notBefore,
        Instant notAfter,
        Instant issuedAt,
        Fingerprint key,
        boolean keyBarred,
        Proof proof,
        boolean retired,
        Optional<Fingerprint> importedFrom) {

    /**
     * Whether it was made known by a witness after a restore and nobody has shown it yet: issuer, serial and key are not known then, and
     * it is on no CRL.
     */
    public boolean adopted() {
        return issuer.isEmpty();
    }

    /** The state as brokers and people see it. */
    public CertificateState shownState() {
        return state == CertificateState.VALID && retired ? CertificateState.SUPERSEDED : state;
    }

    public boolean expired(Instant now) {
        return now.isAfter(notAfter);
    }

    /** The serial as lower-case hex. */
    public String serialHex() {
        return serial.toString(16);
    }

    /** On hold while its device is suspended. */
    public DeviceCertificate held(Instant at) {
        return copy(CertificateState.HELD, reason, Optional.of(at), keyBarred, proof, retired);
    }

    /** No longer on hold. */
    public DeviceCertificate released() {
        return copy(CertificateState.VALID, Optional.empty(), Optional.empty(), keyBarred, proof, retired);
    }

    /** A newer one has taken its place for good. */
    public DeviceCertificate superseded() {
        return copy(CertificateState.SUPERSEDED, reason, Optional.empty(), keyBarred, proof, retired);
    }

    /** Whether it is valid or held: it may still be used, or may be again. */
    public boolean live() {
        return state == CertificateState.VALID || state == CertificateState.HELD;
    }

    public DeviceCertificate revoked(RevocationReason why, Instant at, boolean barKey) {
        return copy(CertificateState.REVOKED, Optional.of(why), Optional.of(at), keyBarred || barKey, proof, retired);
    }

    public DeviceCertificate withKeyBarred(boolean barred) {
        return copy(state, reason, since, barred, proof, retired);
    }

    public DeviceCertificate withProof(Proof newProof) {
        return copy(state, reason, since, keyBarred, newProof, retired);
    }

    public DeviceCertificate withRetired(boolean newRetired) {
        return copy(state, reason, since, keyBarred, proof, newRetired);
    }

    private DeviceCertificate copy(
            CertificateState newState,
            Optional<RevocationReason> newReason,
            Optional<Instant> newSince,
            boolean newKeyBarred,
            Proof newProof,
            boolean newRetired) {
        return new DeviceCertificate(
                sha256,
                device,
                serial,
                issuer,
                newState,
                newReason,
                newSince,
                notBefore,
                notAfter,
                issuedAt,
                key,
                newKeyBarred,
                newProof,
                newRetired,
                importedFrom);
    }
}

package io.gatehouse.enrollment.ca.ocsp;

import io.gatehouse.enrollment.keys.SigningKey;
import io.gatehouse.x509.der.DerReader;
import io.gatehouse.x509.der.DerTag;
import io.gatehouse.x509.der.DerWriter;
import io.gatehouse.x509.der.MalformedException;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A responder's key and certificate, and how they make a BasicOCSPResponse (RFC 6960, section 4.2.1). Immutable and thread-safe. */
final class Signer {
    private static final byte[] ALGORITHM = DerWriter.sequence(DerWriter.oid("1.2.840.10045.4.3.2"));
    private static final byte[] BASIC = DerWriter.oid("1.3.6.1.5.5.7.48.1.1");
    private static final byte[] NONCE = DerWriter.oid("1.3.6.1.5.5.7.48.1.2");
    private static final byte[] EXTENDED_REVOKE =
            DerWriter.sequence(DerWriter.oid("1.3.6.1.5.5.7.48.1.9"), DerWriter.octetString(DerWriter.nullValue()));
    private static final byte[] SUCCESSFUL = DerWriter.element(DerTag.ENUMERATED, new byte[] {0});

    private final SigningKey key;
    private final byte[] certificate;
    private final Instant notBefore;
    private final Instant renewAt;
    private final Instant notAfter;
    private final byte[] responderId;

    /**
     * @param certificate the DER, which ends every answer
     * @param renewAt when another one is to be made
     */
    Signer(SigningKey key, byte[] certificate, Instant notBefore, Instant renewAt, Instant notAfter) {
        this.key = key;
        this.certificate = certificate;
        this.notBefore = notBefore;
        this.renewAt = renewAt;
        this.notAfter = notAfter;
        var keyHash = HashAlgorithm.SHA_1.of(keyBits(key.publicKey()));
        this.responderId = DerWriter.constructed(2, DerWriter.octetString(keyHash));
    }

    /** What is hashed of a key: its BIT STRING without tag, length and count of unused bits. */
    static byte[] keyBits(PublicKey key) {
        try {
            var info = new DerReader(key.getEncoded()).sequence();
            info.skip();
            return info.bitString();
        } catch (MalformedException e) {
            throw new IllegalArgumentException("a key that has no SubjectPublicKeyInfo", e);
        }
    }

    boolean isFresh(Instant now) {
        return !now.isBefore(notBefore) && now.isBefore(renewAt);
    }

    boolean isValid(Instant now) {
        return !now.isBefore(notBefore) && now.isBefore(notAfter);
    }

    Instant notAfter() {
        return notAfter;
    }

    /** One SingleResponse to be. */
    record Single(CertId id, Standing standing) {}

    /**
     * The whole answer but for its last part, {@link #certificate()}, which all answers of this signer have in common.
     *
     * @param thisUpdate whole seconds, also the time of signing
     */
    byte[] head(List<Single> singles, Instant thisUpdate, Instant nextUpdate, Optional<byte[]> nonce) {
        var responses = singles.stream()
                .map(single -> DerWriter.sequence(
                        single.id().der(),
                        single.standing().der(thisUpdate),
                        DerWriter.generalizedTime(thisUpdate),
                        DerWriter.constructed(0, DerWriter.generalizedTime(nextUpdate))))
                .toList();
        var tbs = DerWriter.sequence(
                responderId,
                DerWriter.generalizedTime(thisUpdate),
                DerWriter.sequence(responses),
                extensions(singles, nonce));
        var signature = DerWriter.bitString(key.sign(tbs));
        var certificates = DerWriter.constructed(0, DerWriter.sequence(certificate));
        var basic = DerWriter.octetString(DerWriter.sequence(tbs, ALGORITHM, signature, certificates));
        var whole = DerWriter.sequence(SUCCESSFUL, DerWriter.constructed(0, DerWriter.sequence(BASIC, basic)));
        return Arrays.copyOf(whole, whole.length - certificate.length);
    }

    byte[] certificate() {
        return certificate;
    }

    private static byte[] extensions(List<Single> singles, Optional<byte[]> nonce) {
        var repeated = nonce.map(
                        value -> DerWriter.sequence(NONCE, DerWriter.octetString(DerWriter.octetString(value))))
                .orElse(new byte[0]);
        var extended = singles.stream().anyMatch(single -> single.standing() instanceof Standing.NeverIssued)
                ? EXTENDED_REVOKE
                : new byte[0];
        return repeated.length + extended.length == 0
                ? repeated
                : DerWriter.constructed(1, DerWriter.sequence(repeated, extended));
    }
}

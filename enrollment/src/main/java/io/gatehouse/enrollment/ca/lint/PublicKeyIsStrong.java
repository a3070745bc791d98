package io.gatehouse.enrollment.ca.lint;

import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** RFC 5480, sections 2.1.1 and 2.2, RFC 8410, section 3, RFC 3279, section 2.3.1: the key is on a named curve P-256, P-384 or P-521 with an uncompressed
 * point, or is Ed25519 without parameters, or RSA of 2048 to 4096 bits; an authority is on P-256. It is the key that was wanted. */
final class PublicKeyIsStrong implements LintRule {
    private static final int ED25519_OCTETS = 32;
    private static final int UNCOMPRESSED = 4;

    /** The octets of a coordinate. */
    private static final Map<ASN1ObjectIdentifier, Integer> CURVES = Map.of(
            SECObjectIdentifiers.secp256r1, 32,
            SECObjectIdentifiers.secp384r1, 48,
            SECObjectIdentifiers.secp521r1, 66);

    @Override
    public Optional<String> fault(Candidate candidate) {
        SubjectPublicKeyInfo key = candidate.tbs().getSubjectPublicKeyInfo();
        if (!key.equals(candidate.draft().key())) {
            return Optional.of("the key is not the one wanted");
        }
        if (candidate.profile().isAuthority()
                && !SECObjectIdentifiers.secp256r1.equals(key.getAlgorithm().getParameters())) {
            return Optional.of("an authority has a key of another kind than P-256");
        }
        return LintRule.unless(isAccepted(key), "the key is of a kind or size that is not accepted");
    }

    private static boolean isAccepted(SubjectPublicKeyInfo key) {
        ASN1ObjectIdentifier kind = key.getAlgorithm().getAlgorithm();
        ASN1Encodable parameters = key.getAlgorithm().getParameters();
        byte[] bits = key.getPublicKeyData().getOctets();
        if (kind.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
            return parameters instanceof ASN1ObjectIdentifier curve && isPoint(curve, bits);
        }
        if (kind.equals(EdECObjectIdentifiers.id_Ed25519)) {
            return parameters == null && bits.length == ED25519_OCTETS;
        }
        return kind.equals(PKCSObjectIdentifiers.rsaEncryption) && DERNull.INSTANCE.equals(parameters) && isRsa(bits);
    }

    private static boolean isPoint(ASN1ObjectIdentifier curve, byte[] bits) {
        var octets = CURVES.get(curve);
        return octets != null && bits.length == 1 + 2 * octets && bits[0] == UNCOMPRESSED;
    }

    private static boolean isRsa(byte[] bits) {
        var rsa = RSAPublicKey.getInstance(bits);
        var size = rsa.getModulus().bitLength();
        return size >= 2048
                && size <= 4096
                && rsa.getPublicExponent().testBit(0)
                && rsa.getPublicExponent().compareTo(BigInteger.valueOf(3)) >= 0;
    }
}

package io.gatehouse.enrollment.ca.ocsp;

import java.io.IOException;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ContentVerifierProviderBuilder;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.OCSPReqBuilder;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.SingleResp;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/** Bouncy Castle's client: makes requests and reads answers without any of our code. */
final class Asker {
    static final AlgorithmIdentifier SHA_1 = new AlgorithmIdentifier(OIWObjectIdentifiers.idSHA1, DERNull.INSTANCE);
    static final AlgorithmIdentifier SHA_1_BARE = new AlgorithmIdentifier(OIWObjectIdentifiers.idSHA1);
    static final AlgorithmIdentifier SHA_256 = new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256);
    static final AlgorithmIdentifier SHA_512 = new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha512);

    private final X509Certificate issuer;

    Asker(X509Certificate issuer) {
        this.issuer = issuer;
    }

    CertificateID id(AlgorithmIdentifier hash, long serial) {
        try {
            var calculator = new JcaDigestCalculatorProviderBuilder().build().get(hash);
            return new CertificateID(calculator, new JcaX509CertificateHolder(issuer), BigInteger.valueOf(serial));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    byte[] request(long... serials) {
        var ids = new CertificateID[serials.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = id(SHA_1, serials[i]);
        }
        return request(new Extension[0], ids);
    }

    static byte[] request(Extension[] extensions, CertificateID... ids) {
        try {
            var builder = new OCSPReqBuilder();
            for (var id : ids) {
                builder.addRequest(id);
            }
            if (extensions.length > 0) {
                builder.setRequestExtensions(new Extensions(extensions));
            }
            return builder.build().getEncoded();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    static Extension nonce(byte[] octets) {
        return extension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce, false, new DEROctetString(octets));
    }

    static Extension extension(ASN1ObjectIdentifier oid, boolean critical, ASN1Encodable value) {
        try {
            return new Extension(oid, critical, new DEROctetString(value));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The answer's status as a number. */
    static int status(OcspAnswer answer) {
        try {
            return new OCSPResp(answer.der()).getStatus();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The answer, after its signature and its signer's certificate have been checked. */
    BasicOCSPResp basic(OcspAnswer answer) {
        try {
            var basic = (BasicOCSPResp) new OCSPResp(answer.der()).getResponseObject();
            var signer = basic.getCerts()[0];
            var verifiers = new JcaX509ContentVerifierProviderBuilder();
            if (!signer.isSignatureValid(verifiers.build(new JcaX509CertificateHolder(issuer)))
                    || !basic.isSignatureValid(verifiers.build(signer))) {
                throw new AssertionError("not signed by a delegate of the issuer");
            }
            return basic;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    SingleResp single(OcspAnswer answer) {
        return basic(answer).getResponses()[0];
    }
}

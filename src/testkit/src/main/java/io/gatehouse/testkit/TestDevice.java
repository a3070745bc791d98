package io.gatehouse.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * A device before it has a certificate: a name, a key, and the request (RFC 2986) that it makes with them.
 *
 * @param id what stands in the request as common name
 */
public record TestDevice(String id, KeyPair key) {
    /** A device with a new P-256 key. */
    public static TestDevice named(String id) {
        return new TestDevice(id, Keys.p256());
    }

    /** The same device with a new key. */
    public TestDevice rekeyed() {
        return named(id);
    }

    /** Its certification request, DER. */
    public byte[] request() {
        return request(Names.commonName(id));
    }

    /** Its certification request with an empty subject, DER. */
    public byte[] requestWithoutSubject() {
        return request(new X500Name(new org.bouncycastle.asn1.x500.RDN[0]));
    }

    /** Its certification request in one line of base64, as EST wants it. */
    public String requestBase64() {
        return Base64.getEncoder().encodeToString(request());
    }

    /** The device with the certificate that it was given, and the authorities that it sends along. */
    public HeldCertificate holding(X509Certificate certificate, List<X509Certificate> authorities) {
        List<X509Certificate> chain = new ArrayList<>();
        chain.add(certificate);
        chain.addAll(authorities);
        return new HeldCertificate(key, certificate, chain);
    }

    private byte[] request(X500Name subject) {
        try {
            PKCS10CertificationRequest request = new JcaPKCS10CertificationRequestBuilder(subject, key.getPublic())
                    .build(new JcaContentSignerBuilder(Signatures.algorithmFor(key.getPrivate()))
                            .build(key.getPrivate()));
            return request.getEncoded();
        } catch (OperatorCreationException broken) {
            throw new IllegalStateException(broken);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}

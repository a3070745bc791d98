package io.gatehouse.x509;

import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.x509.der.DerReader;
import io.gatehouse.x509.der.MalformedException;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What Gatehouse asks of a certificate: its fingerprint and its names. Stateless. */
public final class Certificates {
    /** The largest certificate that is read, in bytes. */
    public static final int LARGEST = 64 * 1024;

    private static final int SAN_URI = 6;
    private static final String COMMON_NAME = "2.5.4.3";

    private Certificates() {}

    /** One certificate that fills the bytes exactly. */
    public static X509Certificate parse(byte[] der) throws MalformedException {
        if (der.length > LARGEST) {
            throw new MalformedException("a certificate above " + LARGEST + " bytes");
        }
        var outer = new DerReader(der);
        outer.sequence();
        outer.end();
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException | RuntimeException e) {
            // the JDK's parser is not sparing with unchecked exceptions
            throw new MalformedException("not an X.509 certificate", e);
        }
    }

    /** The SHA-256 of the certificate's DER. */
    public static Fingerprint fingerprint(X509Certificate certificate) {
        return Fingerprint.sha256(der(certificate));
    }

    /** The SHA-256 of a key's SubjectPublicKeyInfo. */
    public static Fingerprint keyFingerprint(PublicKey key) {
        return Fingerprint.sha256(key.getEncoded());
    }

    /** The certificate's DER. */
    public static byte[] der(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a parsed certificate has its encoding", e);
        }
    }

    /** All URIs among the subject's alternative names, in order; empty also when that extension cannot be read. */
    public static List<String> uris(X509Certificate certificate) {
        var uris = new ArrayList<String>();
        try {
            var names = certificate.getSubjectAlternativeNames();
            if (names != null) {
                for (var name : names) {
                    if (name.get(0).equals(SAN_URI)) {
                        uris.add((String) name.get(1));
                    }
                }
            }
        } catch (CertificateParsingException e) {
            return List.of();
        }
        return List.copyOf(uris);
    }

    /** Who the certificate is for: its only URI, when that is one of ours. */
    public static Optional<SpiffeId> spiffeId(X509Certificate certificate) {
        var uris = uris(certificate);
        return uris.size() == 1 ? SpiffeId.parse(uris.get(0)) : Optional.empty();
    }

    /** The device that the certificate names: by its only URI under this trust domain, with which its common name agrees. */
    public static Optional<DeviceId> deviceId(X509Certificate certificate, TrustDomain domain) {
        return spiffeId(certificate)
                .flatMap(id -> id instanceof SpiffeId.Device device
                                && device.trustDomain().equals(domain)
                        ? Optional.of(device.device())
                        : Optional.empty())
                .filter(id -> commonName(certificate).equals(Optional.of(id.value())));
    }

    /** The subject's common name, when there is exactly one. */
    public static Optional<String> commonName(X509Certificate certificate) {
        try {
            var found = new ArrayList<String>();
            for (var attribute : Subject.parse(
                            certificate.getSubjectX500Principal().getEncoded())
                    .attributes()) {
                if (attribute.oid().equals(COMMON_NAME)) {
                    found.add(attribute.value());
                }
            }
            return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    /** Whether the certificate names itself as issuer and is signed with its own key. */
    public static boolean isSelfSigned(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())
                && isSignedBy(certificate, certificate.getPublicKey());
    }

    /** Whether this key made the certificate's signature. */
    public static boolean isSignedBy(X509Certificate certificate, PublicKey key) {
        try {
            certificate.verify(key);
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}

package io.gatehouse.enrollment.ca.profile;

import io.gatehouse.x509.der.DerWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/**
 * The stage that turns a draft into the bytes to be signed (RFC 5280, section 4.1), for one issuer. Encodes what every certificate of
 * this issuer has in common once. Thread-safe.
 */
public final class Assembly {
    /** ecdsa-with-SHA256, whose parameters are absent (RFC 5758, section 3.2). */
    public static final AlgorithmIdentifier SIGNATURE_ALGORITHM =
            new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);

    private static final int SERIAL_BITS = 128;

    private final IssuerFacts issuer;
    private final SecureRandom random;
    private final List<Extension> ofIssuer;

    public Assembly(IssuerFacts issuer, SecureRandom random) {
        this.issuer = issuer;
        this.random = random;
        this.ofIssuer = ofIssuer(issuer);
    }

    /** The draft as to-be-signed bytes, with a serial number of 128 random bits. */
    public UnsignedCertificate assemble(Draft draft) {
        var generator = new V3TBSCertificateGenerator();
        generator.setSerialNumber(new ASN1Integer(serial()));
        generator.setSignature(SIGNATURE_ALGORITHM);
        generator.setIssuer(issuer.name());
        generator.setStartDate(time(draft.validity().notBefore()));
        generator.setEndDate(time(draft.validity().notAfter()));
        generator.setSubject(draft.subject());
        generator.setSubjectPublicKeyInfo(draft.key());
        generator.setExtensions(extensions(draft));
        return new UnsignedCertificate(draft, issuer, der(generator.generateTBSCertificate()));
    }

    private BigInteger serial() {
        BigInteger serial;
        do {
            serial = new BigInteger(SERIAL_BITS, random);
        } while (serial.signum() == 0);
        return serial;
    }

    private Extensions extensions(Draft draft) {
        var profile = draft.profile();
        var all = new ArrayList<Extension>();
        all.add(extension(Extension.basicConstraints, true, basicConstraints(profile)));
        all.add(extension(Extension.keyUsage, true, new KeyUsage(profile.keyUsage())));
        if (!profile.purposes().isEmpty()) {
            var purposes = profile.purposes().toArray(KeyPurposeId[]::new);
            all.add(extension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes)));
        }
        if (!draft.names().isEmpty()) {
            var names = new GeneralNames(draft.names().toArray(GeneralName[]::new));
            all.add(extension(Extension.subjectAlternativeName, false, names));
        }
        if (!draft.permittedUriHosts().isEmpty()) {
            all.add(extension(Extension.nameConstraints, true, nameConstraints(draft.permittedUriHosts())));
        }
        all.add(extension(Extension.subjectKeyIdentifier, false, KeyIdentifiers.of(draft.key())));
        if (profile.canBeAskedAfter()) {
            all.addAll(ofIssuer);
        } else if (profile == Profile.RESPONDER) {
            all.add(ofIssuer.get(0));
            all.add(extension(OCSPObjectIdentifiers.id_pkix_ocsp_nocheck, false, DERNull.INSTANCE));
        }
        return new Extensions(all.toArray(Extension[]::new));
    }

    private static BasicConstraints basicConstraints(Profile profile) {
        var pathLength = profile.pathLength();
        return pathLength.isPresent()
                ? new BasicConstraints(pathLength.getAsInt())
                : new BasicConstraints(profile.isAuthority());
    }

    /**
     * URIs are held to hosts (RFC 5280, section 4.2.1.10). Nothing is excluded: an excluded empty dNSName crashes the JDK's path
     * check, strongSwan refuses excluded addresses, and openssl holds an excluded dNSName against a common name with a dot.
     */
    private static NameConstraints nameConstraints(List<String> permittedUriHosts) {
        var permitted = permittedUriHosts.stream()
                .map(host -> new GeneralSubtree(new GeneralName(GeneralName.uniformResourceIdentifier, host)))
                .toArray(GeneralSubtree[]::new);
        return new NameConstraints(permitted, null);
    }

    /** The authority key identifier first, then where to ask. */
    private static List<Extension> ofIssuer(IssuerFacts issuer) {
        var identifier = new AuthorityKeyIdentifier(issuer.keyIdentifier().getKeyIdentifier());
        var all = new ArrayList<Extension>();
        all.add(extension(Extension.authorityKeyIdentifier, false, identifier));
        issuer.addresses().ifPresent(addresses -> {
            all.add(extension(Extension.cRLDistributionPoints, false, distributionPoints(addresses)));
            all.add(extension(Extension.authorityInfoAccess, false, informationAccess(addresses)));
        });
        return List.copyOf(all);
    }

    private static CRLDistPoint distributionPoints(Addresses addresses) {
        var name = new DistributionPointName(new GeneralNames(uri(addresses.crl())));
        return new CRLDistPoint(new DistributionPoint[] {new DistributionPoint(name, null, null)});
    }

    private static AuthorityInformationAccess informationAccess(Addresses addresses) {
        var issuers = new AccessDescription(AccessDescription.id_ad_caIssuers, uri(addresses.issuer()));
        Optional<AccessDescription> ocsp =
                addresses.ocsp().map(url -> new AccessDescription(AccessDescription.id_ad_ocsp, uri(url)));
        return new AuthorityInformationAccess(ocsp.map(responder -> new AccessDescription[] {responder, issuers})
                .orElseGet(() -> new AccessDescription[] {issuers}));
    }

    private static GeneralName uri(String address) {
        return new GeneralName(GeneralName.uniformResourceIdentifier, address);
    }

    private static Extension extension(ASN1ObjectIdentifier oid, boolean critical, ASN1Encodable value) {
        return new Extension(oid, critical, new DEROctetString(der(value)));
    }

    /** UTCTime through 2049, GeneralizedTime from 2050 on (RFC 5280, section 4.1.2.5). */
    private static Time time(Instant instant) {
        return Time.getInstance(primitive(DerWriter.time(instant)));
    }

    private static ASN1Primitive primitive(byte[] der) {
        try {
            return ASN1Primitive.fromByteArray(der);
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be read", e);
        }
    }

    private static byte[] der(ASN1Encodable value) {
        try {
            return value.toASN1Primitive().getEncoded(ASN1Encoding.DER);
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written", e);
        }
    }
}

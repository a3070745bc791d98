package io.gatehouse.enrollment.ca.profile;

import io.gatehouse.x509.der.DerWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
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
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
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

    private static final byte[] VERSION_3 = DerWriter.constructed(0, DerWriter.integer(2));
    private static final byte[] ALGORITHM = der(SIGNATURE_ALGORITHM);
    private static final byte[] ALTERNATIVE_NAMES = der(Extension.subjectAlternativeName);
    private static final byte[] KEY_IDENTIFIER = der(Extension.subjectKeyIdentifier);
    private static final byte[] NO_CHECK =
            der(extension(OCSPObjectIdentifiers.id_pkix_ocsp_nocheck, false, DERNull.INSTANCE));

    private final IssuerFacts issuer;
    private final SecureRandom random;
    private final byte[] issuerName;
    private final byte[] authorityIdentifier;
    private final byte[] addresses;
    private final Map<Profile, byte[]> uses = new ConcurrentHashMap<>();

    public Assembly(IssuerFacts issuer, SecureRandom random) {
        this.issuer = issuer;
        this.random = random;
        this.issuerName = der(issuer.name());
        this.authorityIdentifier = der(extension(
                Extension.authorityKeyIdentifier,
                false,
                new AuthorityKeyIdentifier(issuer.keyIdentifier().getKeyIdentifier())));
        this.addresses = issuer.addresses().map(Assembly::addresses).orElse(new byte[0]);
    }

    /**
     * The draft as to-be-signed bytes, with a serial number of 128 random bits. They are written, not modelled: it is the linter that
     * reads them back with another's code and holds them to the draft.
     */
    public UnsignedCertificate assemble(Draft draft) {
        byte[] tbs = DerWriter.sequence(
                VERSION_3,
                DerWriter.integer(serial()),
                ALGORITHM,
                issuerName,
                DerWriter.sequence(
                        DerWriter.time(draft.validity().notBefore()),
                        DerWriter.time(draft.validity().notAfter())),
                der(draft.subject()),
                der(draft.key()),
                DerWriter.constructed(3, DerWriter.sequence(extensions(draft))));
        return new UnsignedCertificate(draft, issuer, tbs);
    }

    private BigInteger serial() {
        BigInteger serial;
        do {
            serial = new BigInteger(SERIAL_BITS, random);
        } while (serial.signum() == 0);
        return serial;
    }

    private List<byte[]> extensions(Draft draft) {
        var profile = draft.profile();
        var all = new ArrayList<byte[]>();
        all.add(uses.computeIfAbsent(profile, Assembly::uses));
        if (!draft.names().isEmpty()) {
            var names = new GeneralNames(draft.names().toArray(GeneralName[]::new));
            all.add(DerWriter.sequence(ALTERNATIVE_NAMES, DerWriter.octetString(der(names))));
        }
        if (!draft.permittedUriHosts().isEmpty()) {
            all.add(der(extension(Extension.nameConstraints, true, nameConstraints(draft.permittedUriHosts()))));
        }
        all.add(DerWriter.sequence(KEY_IDENTIFIER, DerWriter.octetString(der(KeyIdentifiers.of(draft.key())))));
        if (profile.canBeAskedAfter()) {
            all.add(authorityIdentifier);
            all.add(addresses);
        } else if (profile == Profile.RESPONDER) {
            all.add(authorityIdentifier);
            all.add(NO_CHECK);
        }
        return all;
    }

    /** The extensions that say what every certificate of a profile may be used for, one after another. */
    private static byte[] uses(Profile profile) {
        var purposes = profile.purposes().toArray(KeyPurposeId[]::new);
        return joined(
                der(extension(Extension.basicConstraints, true, basicConstraints(profile))),
                der(extension(Extension.keyUsage, true, new KeyUsage(profile.keyUsage()))),
                purposes.length == 0
                        ? new byte[0]
                        : der(extension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes))));
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
    private static byte[] addresses(Addresses addresses) {
        return joined(
                der(extension(Extension.cRLDistributionPoints, false, distributionPoints(addresses))),
                der(extension(Extension.authorityInfoAccess, false, informationAccess(addresses))));
    }

    private static byte[] joined(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (var part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
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

    private static byte[] der(ASN1Encodable value) {
        try {
            return value.toASN1Primitive().getEncoded(ASN1Encoding.DER);
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written", e);
        }
    }
}

package io.gatehouse.enrollment.ca.lint;

import static io.gatehouse.enrollment.ca.lint.Tampering.withExtension;
import static io.gatehouse.enrollment.ca.lint.Tampering.withMore;
import static io.gatehouse.enrollment.ca.lint.Tampering.withOtherCriticality;
import static io.gatehouse.enrollment.ca.lint.Tampering.withoutExtension;

import io.gatehouse.enrollment.ca.profile.Draft;
import io.gatehouse.enrollment.ca.profile.Profile;
import io.gatehouse.enrollment.ca.profile.UnsignedCertificate;
import java.math.BigInteger;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AccessDescription;
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
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;

/** Faults in the extensions. */
final class FaultyExtensions {
    private static final UnsignedCertificate DEVICE = Sound.DEVICE;
    private static final UnsignedCertificate CA = Sound.DEVICES_CA;
    private static final String CRL = "http://localhost:8080/pki/crl/devices.crl";
    private static final String CER = "http://localhost:8080/pki/ca/devices.cer";

    private FaultyExtensions() {}

    static List<Faulty> all() {
        return Stream.of(known(), uses(), names(), constraints(), identifiers(), addresses())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Faulty> known() {
        var policies = new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1");
        return List.of(
                of("an extension twice", "EncodingIsDer", withMore(DEVICE, Extension.keyUsage, true, new KeyUsage(1))),
                of(
                        "an extension of garbage",
                        "ExtensionsAreKnownAndSingle",
                        Tampering.withGarbage(DEVICE, Extension.keyUsage)),
                of(
                        "unknown extension",
                        "ExtensionsAreKnownAndSingle",
                        withMore(DEVICE, policies, false, DERNull.INSTANCE)),
                of("unknown critical extension", "JavaCanReadIt", withMore(DEVICE, policies, true, DERNull.INSTANCE)),
                of(
                        "alternative name of an authority",
                        "ExtensionsAreKnownAndSingle",
                        withMore(CA, Extension.subjectAlternativeName, false, uris("spiffe://x/broker/b"))),
                of(
                        "name constraints of a leaf",
                        "ExtensionsAreKnownAndSingle",
                        withMore(DEVICE, Extension.nameConstraints, true, permitted("gatehouse.internal"))));
    }

    private static List<Faulty> uses() {
        var basic = Extension.basicConstraints;
        var usage = Extension.keyUsage;
        var extended = Extension.extendedKeyUsage;
        return List.of(
                of(
                        "device that is a CA",
                        "BasicConstraintsFitTheProfile",
                        withExtension(DEVICE, basic, true, new BasicConstraints(true))),
                of("without basic constraints", "BasicConstraintsFitTheProfile", withoutExtension(DEVICE, basic)),
                of("basic constraints not critical", "BasicConstraintsFitTheProfile", withOtherCriticality(CA, basic)),
                of(
                        "CA that may have CAs below",
                        "BasicConstraintsFitTheProfile",
                        withExtension(CA, basic, true, new BasicConstraints(true))),
                of(
                        "path length 1",
                        "BasicConstraintsFitTheProfile",
                        withExtension(CA, basic, true, new BasicConstraints(1))),
                of(
                        "CA that is none",
                        "BasicConstraintsFitTheProfile",
                        withExtension(CA, basic, true, new BasicConstraints(false))),
                of("without key usage", "KeyUsageFitsTheProfile", withoutExtension(DEVICE, usage)),
                of("key usage not critical", "KeyUsageFitsTheProfile", withOtherCriticality(DEVICE, usage)),
                of(
                        "device that signs certificates",
                        "KeyUsageFitsTheProfile",
                        withExtension(
                                DEVICE, usage, true, new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyCertSign))),
                of(
                        "CA that signs no CRLs",
                        "KeyUsageFitsTheProfile",
                        withExtension(CA, usage, true, new KeyUsage(KeyUsage.keyCertSign))),
                of("without purpose", "ExtendedKeyUsageFitsTheProfile", withoutExtension(DEVICE, extended)),
                of("any purpose", "ExtendedKeyUsageFitsTheProfile", purposes(DEVICE, KeyPurposeId.anyExtendedKeyUsage)),
                of(
                        "device that is a server",
                        "ExtendedKeyUsageFitsTheProfile",
                        purposes(DEVICE, KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_serverAuth)),
                of(
                        "purpose twice",
                        "ExtendedKeyUsageFitsTheProfile",
                        purposes(CA, KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_clientAuth)),
                of("purpose critical", "ExtendedKeyUsageFitsTheProfile", withOtherCriticality(DEVICE, extended)));
    }

    private static List<Faulty> names() {
        var san = Extension.subjectAlternativeName;
        var own = Sound.uri("spiffe://gatehouse.internal/device/d-1");
        return List.of(
                of("without alternative name", "AlternativeNamesAreAsDrafted", withoutExtension(DEVICE, san)),
                of("alternative name critical", "AlternativeNamesAreAsDrafted", withOtherCriticality(DEVICE, san)),
                of(
                        "name of another device",
                        "AlternativeNamesAreAsDrafted",
                        withExtension(DEVICE, san, false, uris("spiffe://gatehouse.internal/device/d-2"))),
                of(
                        "one name more",
                        "AlternativeNamesAreAsDrafted",
                        withExtension(
                                DEVICE, san, false, names(own, new GeneralName(GeneralName.dNSName, "localhost")))),
                drafted("URI without host", "AlternativeNamesAreAsDrafted", "d-1", "spiffe:device"),
                drafted(
                        "common name of another device",
                        "UriIsOfTheRole",
                        "d-2",
                        "spiffe://gatehouse.internal/device/d-1"),
                drafted("device in a broker's role", "UriIsOfTheRole", "b1", "spiffe://gatehouse.internal/broker/b1"),
                drafted(
                        "device in the service's role",
                        "UriIsOfTheRole",
                        "x",
                        "spiffe://gatehouse.internal/service/enrollment"),
                drafted("URI of no role", "UriIsOfTheRole", "d-1", "spiffe://gatehouse.internal/d-1"),
                of("two URIs", "UriIsOfTheRole", leaf(Profile.DEVICE, "d-1", own, own)),
                of("feed in a device's role", "UriIsOfTheRole", leaf(Profile.FEED, "d-1", own)),
                of(
                        "feed in the service's role",
                        "UriIsOfTheRole",
                        leaf(Profile.FEED, "enrollment", Sound.uri("spiffe://gatehouse.internal/service/enrollment"))));
    }

    private static List<Faulty> constraints() {
        var constraints = Extension.nameConstraints;
        var host = new GeneralSubtree(new GeneralName(GeneralName.uniformResourceIdentifier, "gatehouse.internal"));
        var dns = new GeneralSubtree(new GeneralName(GeneralName.dNSName, ""));
        return List.of(
                of("without name constraints", "NameConstraintsAreAsDrafted", withoutExtension(CA, constraints)),
                of(
                        "name constraints not critical",
                        "NameConstraintsAreAsDrafted",
                        withOtherCriticality(CA, constraints)),
                of(
                        "another host permitted",
                        "NameConstraintsAreAsDrafted",
                        withExtension(CA, constraints, true, permitted("example.org"))),
                of(
                        "excluded DNS names",
                        "NameConstraintsAreAsDrafted",
                        withExtension(
                                CA,
                                constraints,
                                true,
                                new NameConstraints(new GeneralSubtree[] {host}, new GeneralSubtree[] {dns}))),
                of(
                        "constraints that nobody wanted",
                        "NameConstraintsAreAsDrafted",
                        withMore(Sound.SERVICES_CA, constraints, true, permitted("gatehouse.internal"))),
                drafted(
                        "URI of another trust domain",
                        "UrisAreWithinTheConstraints",
                        "d-1",
                        "spiffe://example.org/device/d-1"),
                drafted(
                        "URI of a host below",
                        "UrisAreWithinTheConstraints",
                        "d-1",
                        "spiffe://a.gatehouse.internal/device/d-1"),
                of(
                        "DNS name below a CA of URIs",
                        "UrisAreWithinTheConstraints",
                        leaf(Profile.DEVICE, "d-1", new GeneralName(GeneralName.dNSName, "gatehouse.internal"))));
    }

    private static List<Faulty> identifiers() {
        var subject = Extension.subjectKeyIdentifier;
        var authority = Extension.authorityKeyIdentifier;
        var twenty = new byte[20];
        var right = Sound.DEVICES_ISSUER.keyIdentifier().getKeyIdentifier();
        var byName = new AuthorityKeyIdentifier(right, names(new GeneralName(new X500Name("CN=x"))), BigInteger.ONE);
        return List.of(
                of("without key identifier", "SubjectKeyIdentifierIsOfTheKey", withoutExtension(DEVICE, subject)),
                of(
                        "identifier of another key",
                        "SubjectKeyIdentifierIsOfTheKey",
                        withExtension(DEVICE, subject, false, new SubjectKeyIdentifier(twenty))),
                of("key identifier critical", "SubjectKeyIdentifierIsOfTheKey", withOtherCriticality(DEVICE, subject)),
                of(
                        "without the issuer's identifier",
                        "AuthorityKeyIdentifierIsOfTheIssuer",
                        withoutExtension(DEVICE, authority)),
                of(
                        "identifier of another issuer",
                        "AuthorityKeyIdentifierIsOfTheIssuer",
                        withExtension(DEVICE, authority, false, new AuthorityKeyIdentifier(twenty))),
                of(
                        "issuer by name too",
                        "AuthorityKeyIdentifierIsOfTheIssuer",
                        withExtension(DEVICE, authority, false, byName)),
                of(
                        "issuer's identifier critical",
                        "AuthorityKeyIdentifierIsOfTheIssuer",
                        withOtherCriticality(DEVICE, authority)));
    }

    private static List<Faulty> addresses() {
        var crl = Extension.cRLDistributionPoints;
        var aia = Extension.authorityInfoAccess;
        var issuers = AccessDescription.id_ad_caIssuers;
        var ocsp = AccessDescription.id_ad_ocsp;
        return List.of(
                of("without CRL address", "CrlDistributionPointIsHttp", withoutExtension(DEVICE, crl)),
                of("CRL address critical", "CrlDistributionPointIsHttp", withOtherCriticality(DEVICE, crl)),
                of(
                        "CRL over HTTPS",
                        "CrlDistributionPointIsHttp",
                        withExtension(DEVICE, crl, false, points(CRL.replace("http", "https")))),
                of(
                        "CRL of another issuer",
                        "CrlDistributionPointIsHttp",
                        withExtension(DEVICE, crl, false, points(CRL.replace("devices", "services")))),
                of(
                        "two CRL addresses",
                        "CrlDistributionPointIsHttp",
                        withExtension(DEVICE, crl, false, points(CRL, CRL))),
                of("without issuer's address", "AuthorityInformationAccessIsHttp", withoutExtension(DEVICE, aia)),
                of("issuer's address critical", "AuthorityInformationAccessIsHttp", withOtherCriticality(DEVICE, aia)),
                of(
                        "without responder",
                        "AuthorityInformationAccessIsHttp",
                        withExtension(DEVICE, aia, false, access(issuers, CER))),
                of(
                        "responder twice",
                        "AuthorityInformationAccessIsHttp",
                        withExtension(
                                DEVICE,
                                aia,
                                false,
                                access(
                                        ocsp,
                                        "http://localhost:8080/pki/ocsp",
                                        ocsp,
                                        "http://localhost:8080/pki/ocsp"))),
                of(
                        "responder over HTTPS",
                        "AuthorityInformationAccessIsHttp",
                        withExtension(
                                DEVICE, aia, false, access(ocsp, "https://localhost:8080/pki/ocsp", issuers, CER))));
    }

    private static Faulty of(String name, String rule, UnsignedCertificate certificate) {
        return new Faulty(name, rule, certificate);
    }

    /** A name that was even wanted: the rule must not trust the draft. */
    private static Faulty drafted(String name, String rule, String commonName, String uri) {
        return of(name, rule, leaf(Profile.DEVICE, commonName, Sound.uri(uri)));
    }

    private static UnsignedCertificate leaf(Profile profile, String commonName, GeneralName... names) {
        var subject = new X500Name("CN=" + commonName);
        var issuer = profile == Profile.DEVICE ? Sound.DEVICES_ISSUER : Sound.SERVICES_ISSUER;
        return Sound.of(issuer, Draft.leaf(profile, subject, List.of(names), Sound.KEY, Sound.VALIDITY));
    }

    private static UnsignedCertificate purposes(UnsignedCertificate sound, KeyPurposeId... purposes) {
        return withExtension(sound, Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
    }

    private static GeneralNames uris(String uri) {
        return names(Sound.uri(uri));
    }

    private static GeneralNames names(GeneralName... names) {
        return new GeneralNames(names);
    }

    private static NameConstraints permitted(String host) {
        var name = new GeneralName(GeneralName.uniformResourceIdentifier, host);
        return new NameConstraints(new GeneralSubtree[] {new GeneralSubtree(name)}, null);
    }

    private static CRLDistPoint points(String... urls) {
        return new CRLDistPoint(Stream.of(urls)
                .map(url -> new DistributionPoint(new DistributionPointName(uris(url)), null, null))
                .toArray(DistributionPoint[]::new));
    }

    private static ASN1Encodable access(Object... methodsAndUrls) {
        var all = new AccessDescription[methodsAndUrls.length / 2];
        for (var i = 0; i < all.length; i++) {
            all[i] = new AccessDescription(
                    (ASN1ObjectIdentifier) methodsAndUrls[2 * i], Sound.uri((String) methodsAndUrls[2 * i + 1]));
        }
        return new AuthorityInformationAccess(all);
    }
}

package io.gatehouse.enrollment.ca.lint;

import io.gatehouse.enrollment.ca.profile.Addresses;
import io.gatehouse.enrollment.ca.profile.Assembly;
import io.gatehouse.enrollment.ca.profile.Draft;
import io.gatehouse.enrollment.ca.profile.IssuerFacts;
import io.gatehouse.enrollment.ca.profile.KeyIdentifiers;
import io.gatehouse.enrollment.ca.profile.Profile;
import io.gatehouse.enrollment.ca.profile.UnsignedCertificate;
import io.gatehouse.enrollment.ca.profile.Validity;
import io.gatehouse.enrollment.keys.SoftwareKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/** One certificate of each profile that keeps every rule. */
final class Sound {
    static final Instant NOW = Instant.parse("2026-11-23T11:00:00Z");
    static final PublicKey KEY = SoftwareKey.generate().getPublic();
    static final PublicKey CA_KEY = SoftwareKey.generate().getPublic();

    static final Validity OF_ISSUER = new Validity(NOW.minusSeconds(1000), Instant.parse("2056-11-23T00:00:00Z"));
    static final Validity VALIDITY = new Validity(NOW, NOW.plusSeconds(3600));

    static final IssuerFacts DEVICES_ISSUER = issuer("CN=Devices CA 1", List.of("gatehouse.internal"), "devices");
    static final IssuerFacts SERVICES_ISSUER = issuer("CN=Services CA 1", List.of(), "services");

    static final UnsignedCertificate DEVICE =
            of(DEVICES_ISSUER, device("d-1", "spiffe://gatehouse.internal/device/d-1"));
    static final UnsignedCertificate SERVER = of(
            SERVICES_ISSUER,
            Draft.leaf(
                    Profile.SERVER,
                    new X500Name("CN=enrollment"),
                    List.of(
                            new GeneralName(GeneralName.dNSName, "localhost"),
                            new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
                            uri("spiffe://gatehouse.internal/service/enrollment")),
                    KEY,
                    VALIDITY));
    static final UnsignedCertificate FEED = of(
            SERVICES_ISSUER,
            Draft.leaf(
                    Profile.FEED,
                    new X500Name("CN=b1"),
                    List.of(uri("spiffe://gatehouse.internal/broker/b1")),
                    KEY,
                    VALIDITY));
    static final UnsignedCertificate DEVICES_CA = of(
            SERVICES_ISSUER,
            Draft.authority(
                    Profile.DEVICES_CA, new X500Name("CN=Devices CA 2"), KEY, VALIDITY, List.of("gatehouse.internal")));
    static final UnsignedCertificate SERVICES_CA = of(
            SERVICES_ISSUER,
            Draft.authority(Profile.SERVICES_CA, new X500Name("CN=Services CA 2"), KEY, VALIDITY, List.of()));
    static final UnsignedCertificate ROOT = root();
    static final UnsignedCertificate RESPONDER = of(DEVICES_ISSUER, responder("Gatehouse OCSP responder"));

    private Sound() {}

    static Draft device(String id, String uri) {
        return Draft.leaf(Profile.DEVICE, new X500Name("CN=" + id), List.of(uri(uri)), KEY, VALIDITY);
    }

    static Draft responder(String commonName) {
        return Draft.leaf(Profile.RESPONDER, new X500Name("CN=" + commonName), List.of(), KEY, VALIDITY);
    }

    static UnsignedCertificate of(IssuerFacts issuer, Draft draft) {
        return new Assembly(issuer, new SecureRandom()).assemble(draft);
    }

    static GeneralName uri(String uri) {
        return new GeneralName(GeneralName.uniformResourceIdentifier, uri);
    }

    private static UnsignedCertificate root() {
        var draft = Draft.authority(Profile.ROOT, new X500Name("CN=Root 1"), KEY, VALIDITY, List.of());
        return of(IssuerFacts.ofRoot(draft), draft);
    }

    private static IssuerFacts issuer(String name, List<String> hosts, String word) {
        return new IssuerFacts(
                new X500Name(name),
                KeyIdentifiers.of(SubjectPublicKeyInfo.getInstance(CA_KEY.getEncoded())),
                OF_ISSUER,
                hosts,
                Optional.of(new Addresses(
                        "http://localhost:8080/pki/crl/" + word + ".crl",
                        "http://localhost:8080/pki/ca/" + word + ".cer",
                        Optional.of("http://localhost:8080/pki/ocsp"))));
    }
}

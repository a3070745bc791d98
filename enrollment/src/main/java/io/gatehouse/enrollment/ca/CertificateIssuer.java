package io.gatehouse.enrollment.ca;

import io.gatehouse.enrollment.app.port.IssuedCertificate;
import io.gatehouse.enrollment.app.port.Issuer;
import io.gatehouse.enrollment.ca.profile.Draft;
import io.gatehouse.enrollment.ca.profile.Profile;
import io.gatehouse.enrollment.ca.profile.Validity;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.x509.SpiffeId;
import io.gatehouse.x509.TrustDomain;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.util.IPAddress;

/**
 * Issues by profile: names, key and time go in, and every use of the certificate comes from its profile. A certificate is valid only while
 * its issuer is, whatever was asked. Thread-safe.
 */
public final class CertificateIssuer implements Issuer {
    private final Hierarchies hierarchies;
    private final TrustDomain trustDomain;

    public CertificateIssuer(Hierarchies hierarchies, ServiceConfig config) {
        this.hierarchies = hierarchies;
        this.trustDomain = TrustDomain.of(config.trustDomain());
    }

    @Override
    public X509Certificate issueDevice(DeviceId id, PublicKey key, Instant notBefore, Instant notAfter) {
        var authority = hierarchies.devices();
        return authority.issue(device(authority, id, key, new Validity(notBefore, notAfter)));
    }

    @Override
    public IssuedCertificate issueDeviceEncoded(DeviceId id, PublicKey key, Instant notBefore, Instant notAfter) {
        var authority = hierarchies.devices();
        return authority.issueEncoded(device(authority, id, key, new Validity(notBefore, notAfter)));
    }

    private Draft device(Authority authority, DeviceId id, PublicKey key, Validity wanted) {
        return leaf(authority, Profile.DEVICE, id.value(), List.of(uri(trustDomain.device(id))), key, wanted);
    }

    @Override
    public X509Certificate issueServer(
            List<String> hosts, String roleUri, PublicKey key, Instant notBefore, Instant notAfter) {
        var names = new ArrayList<GeneralName>();
        hosts.stream().map(CertificateIssuer::host).forEach(names::add);
        names.add(uri(roleUri));
        return issue(
                hierarchies.services(),
                Profile.SERVER,
                commonName(roleUri),
                names,
                key,
                new Validity(notBefore, notAfter));
    }

    @Override
    public X509Certificate issueFeed(BrokerName broker, PublicKey key, Instant notBefore, Instant notAfter) {
        var names = List.of(uri(trustDomain.broker(broker)));
        return issue(
                hierarchies.services(), Profile.FEED, broker.value(), names, key, new Validity(notBefore, notAfter));
    }

    @Override
    public List<X509Certificate> estCaCerts() {
        var all = new ArrayList<X509Certificate>();
        hierarchies.trustedDevices().forEach(authority -> all.add(authority.certificate()));
        all.addAll(List.of(devicesRoot(), servicesCa(), servicesRoot()));
        return all;
    }

    @Override
    public X509Certificate devicesCa() {
        return hierarchies.devices().certificate();
    }

    @Override
    public List<X509Certificate> devicesCas() {
        return hierarchies.devicesAuthorities().stream()
                .map(Authority::certificate)
                .toList();
    }

    @Override
    public X509Certificate devicesRoot() {
        return hierarchies.certificate(AuthorityName.DEVICES_ROOT);
    }

    @Override
    public X509Certificate servicesCa() {
        return hierarchies.certificate(AuthorityName.SERVICES);
    }

    @Override
    public X509Certificate servicesRoot() {
        return hierarchies.certificate(AuthorityName.SERVICES_ROOT);
    }

    private static X509Certificate issue(
            Authority authority,
            Profile profile,
            String commonName,
            List<GeneralName> names,
            PublicKey key,
            Validity wanted) {
        return authority.issue(leaf(authority, profile, commonName, names, key, wanted));
    }

    private static Draft leaf(
            Authority authority,
            Profile profile,
            String commonName,
            List<GeneralName> names,
            PublicKey key,
            Validity wanted) {
        if (wanted.notBefore().isAfter(authority.validity().notAfter())) {
            throw new IllegalStateException("the " + authority.name() + " CA has ended and must be rotated");
        }
        var validity = wanted.within(authority.validity());
        return Draft.leaf(profile, subject(commonName), names, key, validity);
    }

    private static X500Name subject(String commonName) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.CN, new DERUTF8String(commonName))
                .build();
    }

    /** The last word of the role: {@code enrollment}, or the broker's name. */
    private static String commonName(String roleUri) {
        var role = SpiffeId.parse(roleUri).orElseThrow(() -> new IllegalArgumentException("no role of this house"));
        return role instanceof SpiffeId.Broker broker ? broker.broker().value() : "enrollment";
    }

    private static GeneralName uri(String uri) {
        return new GeneralName(GeneralName.uniformResourceIdentifier, uri);
    }

    private static GeneralName host(String host) {
        return new GeneralName(IPAddress.isValid(host) ? GeneralName.iPAddress : GeneralName.dNSName, host);
    }
}

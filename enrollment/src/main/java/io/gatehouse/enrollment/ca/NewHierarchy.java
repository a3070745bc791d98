package io.gatehouse.enrollment.ca;

import io.gatehouse.enrollment.ca.crl.CrlEncoder;
import io.gatehouse.enrollment.ca.crl.PublishedCrl;
import io.gatehouse.enrollment.ca.crl.Revocations;
import io.gatehouse.enrollment.ca.profile.Draft;
import io.gatehouse.enrollment.ca.profile.Profile;
import io.gatehouse.enrollment.ca.profile.Validity;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.enrollment.keys.SoftwareKey;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;

/**
 * A hierarchy at its birth, the only time when the keys can be written down and the root's key is used: it signs the authority below and,
 * ahead, a CRL for as long as that lives. Immutable.
 */
record NewHierarchy(KeyPair rootKey, KeyPair authorityKey, Authority root, Authority authority, PublishedCrl rootCrl) {
    private static final Period ROOT_LIFETIME = Period.ofYears(20);
    private static final Period AUTHORITY_LIFETIME = Period.ofYears(5);

    /** The hierarchy of devices: what it certifies are URIs of the trust domain and nothing else. */
    static NewHierarchy ofDevices(ServiceConfig config, String home, Instant now, SecureRandom random) {
        return new Birth("Devices", home, first(AuthorityName.DEVICES_ROOT), first(AuthorityName.DEVICES), now, random)
                .make(Profile.DEVICES_CA, List.of(config.trustDomain()), config);
    }

    /** The hierarchy of the service and the brokers. */
    static NewHierarchy ofServices(ServiceConfig config, String home, Instant now, SecureRandom random) {
        return new Birth(
                        "Services",
                        home,
                        first(AuthorityName.SERVICES_ROOT),
                        first(AuthorityName.SERVICES),
                        now,
                        random)
                .make(Profile.SERVICES_CA, List.of(), config);
    }

    /** A devices CA that is new below a root that is not. */
    record Successor(KeyPair key, X509Certificate certificate) {}

    /** The devices CA of that generation, with a name and a key of its own, and all else as the first one has it. */
    static Successor successor(
            ServiceConfig config, Authority root, Generation name, Instant now, SecureRandom random) {
        var home = tagOf(root.certificate());
        var birth = new Birth("Devices", home, root.name(), name, now, random);
        var key = SoftwareKey.generate();
        var draft = Draft.authority(
                Profile.DEVICES_CA,
                birth.subject("CA " + name.number()),
                key.getPublic(),
                birth.lasting(AUTHORITY_LIFETIME).within(root.validity()),
                List.of(config.trustDomain()));
        return new Successor(key, root.issue(draft));
    }

    /** The last word of the root's name. */
    private static String tagOf(X509Certificate root) {
        var name = root.getSubjectX500Principal().getName();
        var commonName = name.split(",", 2)[0];
        return commonName.substring(commonName.lastIndexOf(' ') + 1);
    }

    /** What makes the names of one home differ from those of every other: a verifier may trust two homes. */
    static String homeTag(SecureRandom random) {
        var tag = new byte[8];
        random.nextBytes(tag);
        return HexFormat.of().formatHex(tag);
    }

    private static Generation first(AuthorityName role) {
        return Generation.first(role);
    }

    Hierarchy opened() {
        return new Hierarchy(root.certificate(), rootCrl, List.of(authority));
    }

    private record Birth(
            String what, String home, Generation rootName, Generation authorityName, Instant now, SecureRandom random) {

        NewHierarchy make(Profile profile, List<String> permittedUriHosts, ServiceConfig config) {
            var addresses = new PkiAddresses(config);
            var rootKey = SoftwareKey.generate();
            var rootDraft = Draft.authority(
                    Profile.ROOT, subject("root"), rootKey.getPublic(), lasting(ROOT_LIFETIME), List.of());
            var root = Authority.newRoot(
                    rootName,
                    rootDraft,
                    SoftwareKey.of(rootKey.getPrivate(), rootKey.getPublic()),
                    addresses.of(rootName),
                    random);

            var key = SoftwareKey.generate();
            var draft = Draft.authority(
                    profile, subject("CA"), key.getPublic(), lasting(AUTHORITY_LIFETIME), permittedUriHosts);
            var authority = new Authority(
                    authorityName,
                    root.issue(draft),
                    SoftwareKey.of(key.getPrivate(), key.getPublic()),
                    addresses.of(authorityName),
                    random);
            return new NewHierarchy(rootKey, key, root, authority, rootCrl(root, authority.validity()));
        }

        private X500Name subject(String rank) {
            return new X500NameBuilder(BCStyle.INSTANCE)
                    .addRDN(BCStyle.O, "Gatehouse")
                    .addRDN(BCStyle.CN, what + " " + rank + " " + home)
                    .build();
        }

        private Validity lasting(Period lifetime) {
            var end = now.atOffset(ZoneOffset.UTC).plus(lifetime).toInstant();
            return new Validity(now.minus(Validity.BACKDATED), end);
        }

        private static PublishedCrl rootCrl(Authority root, Validity validity) {
            return new CrlEncoder(root.crlIssuer())
                    .encode(Revocations.none(), BigInteger.ONE, validity.notBefore(), validity.notAfter());
        }
    }
}

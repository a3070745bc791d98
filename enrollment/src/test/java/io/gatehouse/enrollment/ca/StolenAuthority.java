package io.gatehouse.enrollment.ca;

import io.gatehouse.enrollment.ca.profile.Addresses;
import io.gatehouse.enrollment.ca.profile.Assembly;
import io.gatehouse.enrollment.ca.profile.Draft;
import io.gatehouse.enrollment.ca.profile.IssuerFacts;
import io.gatehouse.enrollment.ca.profile.Profile;
import io.gatehouse.enrollment.ca.profile.UnsignedCertificate;
import io.gatehouse.enrollment.ca.profile.Validity;
import io.gatehouse.enrollment.keys.SigningKey;
import io.gatehouse.enrollment.keys.SoftwareKey;
import io.gatehouse.x509.Certificates;
import io.gatehouse.x509.der.DerWriter;
import io.gatehouse.x509.der.MalformedException;
import java.io.IOException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.GeneralName;

/** A devices CA like ours in a thief's hands: signs whatever is put before it, without a linter. */
final class StolenAuthority {
    private static final Addresses ADDRESSES =
            new Addresses("http://localhost/c.crl", "http://localhost/c.cer", Optional.empty());

    private final SigningKey key = key();
    private final X509Certificate root;
    private final X509Certificate certificate;
    private final Validity validity;

    StolenAuthority(String permittedHost, Instant now) {
        validity = Validity.from(now, Duration.ofDays(1));
        var rootKey = key();
        var rootDraft =
                Draft.authority(Profile.ROOT, new X500Name("CN=Root"), rootKey.publicKey(), validity, List.of());
        root = sign(rootKey, new Assembly(IssuerFacts.ofRoot(rootDraft), new SecureRandom()).assemble(rootDraft));
        var draft = Draft.authority(
                Profile.DEVICES_CA, new X500Name("CN=CA"), key.publicKey(), validity, List.of(permittedHost));
        certificate = sign(rootKey, assemble(root, draft));
    }

    X509Certificate root() {
        return root;
    }

    X509Certificate certificate() {
        return certificate;
    }

    X509Certificate forge(String commonName, String uri) {
        var names = List.of(new GeneralName(GeneralName.uniformResourceIdentifier, uri));
        var draft = Draft.leaf(Profile.DEVICE, new X500Name("CN=" + commonName), names, key().publicKey(), validity);
        return sign(key, assemble(certificate, draft));
    }

    private static UnsignedCertificate assemble(X509Certificate issuer, Draft draft) {
        return new Assembly(IssuerFacts.of(issuer, ADDRESSES), new SecureRandom()).assemble(draft);
    }

    private static X509Certificate sign(SigningKey key, UnsignedCertificate unsigned) {
        try {
            return Certificates.parse(DerWriter.sequence(
                    unsigned.tbs(),
                    Assembly.SIGNATURE_ALGORITHM.getEncoded(),
                    DerWriter.bitString(key.sign(unsigned.tbs()))));
        } catch (IOException | MalformedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SigningKey key() {
        var pair = SoftwareKey.generate();
        return SoftwareKey.of(pair.getPrivate(), pair.getPublic());
    }
}

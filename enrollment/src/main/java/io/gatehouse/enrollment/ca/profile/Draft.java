package io.gatehouse.enrollment.ca.profile;

import java.security.PublicKey;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/**
 * A certificate as it is wanted: the profile decides its uses, the caller its names, key and time. Immutable and thread-safe.
 *
 * @param subject the distinguished name
 * @param names the subject alternative names; empty for authorities
 * @param permittedUriHosts for an authority: the only hosts that URIs below it may have; empty: any
 */
public record Draft(
        Profile profile,
        X500Name subject,
        List<GeneralName> names,
        SubjectPublicKeyInfo key,
        Validity validity,
        List<String> permittedUriHosts) {
    public Draft {
        names = List.copyOf(names);
        permittedUriHosts = List.copyOf(permittedUriHosts);
    }

    /** The draft of a leaf. */
    public static Draft leaf(
            Profile profile, X500Name subject, List<GeneralName> names, PublicKey key, Validity validity) {
        return new Draft(
                profile, subject, names, SubjectPublicKeyInfo.getInstance(key.getEncoded()), validity, List.of());
    }

    /** The draft of an authority. */
    public static Draft authority(
            Profile profile, X500Name subject, PublicKey key, Validity validity, List<String> permittedUriHosts) {
        return new Draft(
                profile,
                subject,
                List.of(),
                SubjectPublicKeyInfo.getInstance(key.getEncoded()),
                validity,
                permittedUriHosts);
    }
}

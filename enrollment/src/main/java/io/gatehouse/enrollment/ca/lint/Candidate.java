package io.gatehouse.enrollment.ca.lint;

import io.gatehouse.enrollment.ca.profile.Draft;
import io.gatehouse.enrollment.ca.profile.IssuerFacts;
import io.gatehouse.enrollment.ca.profile.Profile;
import io.gatehouse.enrollment.ca.profile.UnsignedCertificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.TBSCertificate;

/** A certificate before the rules: read back from its bytes, each part once, beside what was wanted. Lives for one check, on one thread. */
final class Candidate {
    private final UnsignedCertificate unsigned;
    private final byte[] encoded;
    private final TBSCertificate tbs;
    private final Map<ASN1ObjectIdentifier, Value> values = new HashMap<>();

    /** An extension as it was read: its criticality and what its octets hold. */
    record Value(boolean critical, ASN1Encodable parsed) {
        boolean is(boolean wantedCritical, ASN1Encodable wanted) {
            return critical == wantedCritical && parsed.toASN1Primitive().equals(wanted.toASN1Primitive());
        }
    }

    /**
     * Reads the certificate. An extension that cannot be read is as if it were not there: the rule that wants it finds it missing, and
     * {@link ExtensionsAreKnownAndSingle} sees the difference in number.
     *
     * @param encoded the DER of the whole certificate, with a signature that is none
     */
    Candidate(UnsignedCertificate unsigned, byte[] encoded) {
        this.unsigned = unsigned;
        this.encoded = encoded;
        this.tbs = TBSCertificate.getInstance(unsigned.tbs());
        if (tbs.getExtensions() != null) {
            for (var oid : tbs.getExtensions().getExtensionOIDs()) {
                read(tbs.getExtensions().getExtension(oid));
            }
        }
    }

    private void read(Extension extension) {
        try {
            values.put(extension.getExtnId(), new Value(extension.isCritical(), extension.getParsedValue()));
        } catch (RuntimeException e) {
            // left out, which is a fault of its own
        }
    }

    Draft draft() {
        return unsigned.draft();
    }

    IssuerFacts issuer() {
        return unsigned.issuer();
    }

    Profile profile() {
        return unsigned.draft().profile();
    }

    /** What the bytes say. */
    TBSCertificate tbs() {
        return tbs;
    }

    /** The bytes that are to be signed. */
    byte[] tbsBytes() {
        return unsigned.tbs();
    }

    /** The bytes of a whole certificate. */
    byte[] encoded() {
        return encoded;
    }

    /** The extension, or nothing. */
    Optional<Value> extension(ASN1ObjectIdentifier oid) {
        return Optional.ofNullable(values.get(oid));
    }

    /** How many extensions could be read. */
    int extensions() {
        return values.size();
    }

    /** Whether the extension is there with that criticality and that value. */
    boolean has(ASN1ObjectIdentifier oid, boolean critical, ASN1Encodable value) {
        return extension(oid).filter(found -> found.is(critical, value)).isPresent();
    }

    /** The subject alternative names; none when there is no such extension. */
    List<GeneralName> names() {
        return extension(Extension.subjectAlternativeName)
                .map(value -> List.of(GeneralNames.getInstance(value.parsed()).getNames()))
                .orElse(List.of());
    }
}

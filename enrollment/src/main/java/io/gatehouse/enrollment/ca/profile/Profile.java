package io.gatehouse.enrollment.ca.profile;

import java.util.List;
import java.util.OptionalInt;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;

/** The kinds of certificate that Gatehouse issues, and what each may be used for. What a request asks for never changes a profile. */
public enum Profile {
    ROOT(Kind.ROOT, OptionalInt.empty(), List.of()),
    /** Issues device certificates and delegates OCSP; no name of a server can come from it. */
    DEVICES_CA(
            Kind.INTERMEDIATE,
            OptionalInt.of(0),
            List.of(KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_OCSPSigning)),
    SERVICES_CA(Kind.INTERMEDIATE, OptionalInt.of(0), List.of()),
    /** A device or an application: an X.509-SVID with one URI. */
    DEVICE(Kind.LEAF, OptionalInt.empty(), List.of(KeyPurposeId.id_kp_clientAuth)),
    /** The enrollment service or a broker, to those who connect to it. */
    SERVER(Kind.LEAF, OptionalInt.empty(), List.of(KeyPurposeId.id_kp_serverAuth)),
    /** A broker, when it reads the feed. */
    FEED(Kind.LEAF, OptionalInt.empty(), List.of(KeyPurposeId.id_kp_clientAuth)),
    /** Signs OCSP answers for its issuer, and has no name that anything else would take. */
    RESPONDER(Kind.LEAF, OptionalInt.empty(), List.of(KeyPurposeId.id_kp_OCSPSigning));

    private enum Kind {
        ROOT,
        INTERMEDIATE,
        LEAF
    }

    private final Kind kind;
    private final OptionalInt pathLength;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<KeyPurposeId> purposes;

    Profile(Kind kind, OptionalInt pathLength, List<KeyPurposeId> purposes) {
        this.kind = kind;
        this.pathLength = pathLength;
        this.purposes = purposes;
    }

    /** Whether it may sign certificates and CRLs. */
    public boolean isAuthority() {
        return kind != Kind.LEAF;
    }

    /** Whether it signs itself. */
    public boolean isRoot() {
        return kind == Kind.ROOT;
    }

    /** Whether it is a leaf with alternative names: who it is to be. */
    public boolean isNamed() {
        return kind == Kind.LEAF && this != RESPONDER;
    }

    /**
     * Whether it says where to ask after its own revocation. A root is trusted or not; a responder that is asked after itself leads
     * nowhere (RFC 6960, section 4.2.2.2.1).
     */
    public boolean canBeAskedAfter() {
        return kind != Kind.ROOT && this != RESPONDER;
    }

    /** How many more authorities may follow below it (RFC 5280, section 4.2.1.9); nothing: as many as please. */
    public OptionalInt pathLength() {
        return pathLength;
    }

    /** The extended key usages; none: the extension is left out. */
    public List<KeyPurposeId> purposes() {
        return purposes;
    }

    /** The bits of {@link KeyUsage}. */
    public int keyUsage() {
        return isAuthority() ? KeyUsage.keyCertSign | KeyUsage.cRLSign : KeyUsage.digitalSignature;
    }
}

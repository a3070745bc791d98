package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Fleet;
import io.gatehouse.enrollment.app.domain.KeyKind;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.x509.Parsed;
import io.gatehouse.x509.Pkcs10Request;
import io.gatehouse.x509.PublicKeys.SubjectKey;
import io.gatehouse.x509.RequestedExtensions;
import io.gatehouse.x509.Subject;
import io.gatehouse.x509.TrustDomain;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a request may say of itself. It proves possession of the key and names nobody but the device that was proven otherwise; the
 * profile decides everything else, so what it asks for besides is ignored, unless it is never given. Immutable and thread-safe.
 */
public final class CsrRules {
    private static final String CODE_SIGNING = "1.3.6.1.5.5.7.3.3";
    private static final Set<String> NEVER_GIVEN = Set.of(
            RequestedExtensions.SERVER_AUTH,
            RequestedExtensions.ANY_EXTENDED_KEY_USAGE,
            RequestedExtensions.OCSP_SIGNING,
            RequestedExtensions.CMC_RA,
            CODE_SIGNING);

    /** Common name, organization, organizational unit. */
    private static final Set<String> MAY_STAND_IN_A_SUBJECT = Set.of(Subject.COMMON_NAME, "2.5.4.10", "2.5.4.11");

    private final TrustDomain domain;

    public CsrRules(TrustDomain domain) {
        this.domain = domain;
    }

    /** A request of one of our own servers, whose names and uses are not the request's to choose. */
    Outcome<Pkcs10Request> readForService(byte[] der) {
        return parse(der).then(CsrRules::signed);
    }

    /** A request that is well formed, signed by its own acceptable key, and asks for nothing that is never given. */
    private static Outcome<Pkcs10Request> read(byte[] der) {
        return parse(der).then(CsrRules::modest).then(CsrRules::signed);
    }

    private static Outcome<Pkcs10Request> parse(byte[] der) {
        var parsed = Pkcs10Request.parse(der);
        if (parsed instanceof Parsed.Malformed<Pkcs10Request> bad) {
            return Outcome.refused(bad.reason(), bad.detail());
        }
        return Outcome.done(parsed.orThrow());
    }

    private static Outcome<Pkcs10Request> modest(Pkcs10Request request) {
        var asked = request.extensions();
        if (asked.wantsCa()) {
            return Outcome.refused(RefusalReason.FORBIDDEN_EXTENSION, "the request asks to be a certificate authority");
        }
        if (asked.extendedKeyUsages().stream().anyMatch(NEVER_GIVEN::contains)) {
            return Outcome.refused(
                    RefusalReason.FORBIDDEN_EXTENSION, "the request asks for a key usage other than clientAuth");
        }
        return Outcome.done(request);
    }

    private static Outcome<Pkcs10Request> signed(Pkcs10Request request) {
        return request.verifySignature()
                .<Outcome<Pkcs10Request>>map(Outcome::refused)
                .orElseGet(() -> Outcome.done(request));
    }

    /**
     * As {@link #read}, and names nobody but this device: subject empty or exactly its CN, SAN absent or exactly its URI. Beside the
     * CN an organization may stand, which names no device and is not given: clients such as thin-edge.io always write one.
     */
    public Outcome<Pkcs10Request> read(byte[] der, DeviceId device) {
        return read(der).then(request -> names(request, device) ? Outcome.done(request) : mismatch(device));
    }

    /**
     * As {@link #read(byte[], DeviceId)}; may also repeat the names of the certificate of another authority that was presented, an
     * imported one that it is to follow (RFC 7030, section 4.2.2) or a factory certificate. What is issued has our names in any case.
     */
    Outcome<Pkcs10Request> readAfterForeign(byte[] der, DeviceId device, X509Certificate foreign) {
        return read(der)
                .then(request ->
                        names(request, device) || ImportedNames.of(foreign).areThoseOf(request)
                                ? Outcome.done(request)
                                : mismatch(device));
    }

    private boolean names(Pkcs10Request request, DeviceId device) {
        var subject = request.subject();
        if (!subject.isEmpty() && !subject.commonNames().equals(List.of(device.value()))) {
            return false;
        }
        if (!subject.attributes().stream().map(Subject.Attribute::oid).allMatch(MAY_STAND_IN_A_SUBJECT::contains)) {
            return false;
        }
        var asked = request.extensions();
        return !asked.namesAnything()
                || (asked.uris().equals(List.of(domain.device(device)))
                        && asked.dnsNames().isEmpty()
                        && asked.emails().isEmpty()
                        && asked.addresses().isEmpty()
                        && asked.otherNames() == 0);
    }

    /** Whether a fleet's rules let a new certificate be made for this key: {@code weak-key} when not. */
    public static Outcome<SubjectKey> accepted(SubjectKey key, Fleet fleet) {
        var kinds = fleet.rules().keys();
        return kinds.stream().anyMatch(kind -> kind.accepts(key))
                ? Outcome.done(key)
                : Outcome.refused(
                        RefusalReason.WEAK_KEY,
                        "the fleet takes keys of "
                                + kinds.stream().map(KeyKind::word).collect(Collectors.joining(", ")));
    }

    private static Outcome<Pkcs10Request> mismatch(DeviceId device) {
        return Outcome.refused(
                RefusalReason.NAME_MISMATCH,
                "the subject must be empty or exactly CN=" + device + ", without other alternative names");
    }
}

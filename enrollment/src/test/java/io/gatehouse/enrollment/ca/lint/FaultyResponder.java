package io.gatehouse.enrollment.ca.lint;

import static io.gatehouse.enrollment.ca.lint.Tampering.withExtension;
import static io.gatehouse.enrollment.ca.lint.Tampering.withMore;
import static io.gatehouse.enrollment.ca.lint.Tampering.withOtherCriticality;
import static io.gatehouse.enrollment.ca.lint.Tampering.withoutExtension;

import io.gatehouse.enrollment.ca.profile.UnsignedCertificate;
import java.util.List;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/** Faults in the certificate of an OCSP responder. */
final class FaultyResponder {
    private static final UnsignedCertificate SOUND = Sound.RESPONDER;

    private FaultyResponder() {}

    static List<Faulty> all() {
        var nocheck = OCSPObjectIdentifiers.id_pkix_ocsp_nocheck;
        var rule = "ResponderIsNotAskedAfter";
        var aia = new AuthorityInformationAccess(
                AccessDescription.id_ad_ocsp, Sound.uri("http://localhost:8080/pki/ocsp"));
        return List.of(
                of("responder that is asked after", rule, withoutExtension(SOUND, nocheck)),
                of("responder with a critical nocheck", rule, withOtherCriticality(SOUND, nocheck)),
                of(
                        "responder with a nocheck that is not NULL",
                        rule,
                        withExtension(SOUND, nocheck, false, new ASN1Integer(1))),
                of("device that is not asked after", rule, withMore(Sound.DEVICE, nocheck, false, DERNull.INSTANCE)),
                of(
                        "responder that asks itself",
                        "AuthorityInformationAccessIsHttp",
                        withMore(SOUND, Extension.authorityInfoAccess, false, aia)),
                of(
                        "responder on a CRL",
                        "CrlDistributionPointIsHttp",
                        withMore(
                                SOUND,
                                Extension.cRLDistributionPoints,
                                false,
                                new CRLDistPoint(new DistributionPoint[0]))),
                of(
                        "responder in a device's name",
                        "ExtensionsAreKnownAndSingle",
                        withMore(
                                SOUND,
                                Extension.subjectAlternativeName,
                                false,
                                new GeneralNames(Sound.uri("spiffe://gatehouse.internal/device/d-1")))),
                of(
                        "responder that is a client",
                        "ExtendedKeyUsageFitsTheProfile",
                        withExtension(
                                SOUND, Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
                                    KeyPurposeId.id_kp_OCSPSigning, KeyPurposeId.id_kp_clientAuth
                                }))),
                of(
                        "responder with a device id for a name",
                        "ResponderIsNoDevice",
                        Sound.of(Sound.DEVICES_ISSUER, Sound.responder("ocsp"))));
    }

    private static Faulty of(String name, String rule, UnsignedCertificate certificate) {
        return new Faulty(name, rule, certificate);
    }
}

package io.gatehouse.enrollment.ca;

import io.gatehouse.enrollment.app.port.IssuedCertificate;
import io.gatehouse.enrollment.ca.crl.CrlIssuer;
import io.gatehouse.enrollment.ca.lint.CertificateLinter;
import io.gatehouse.enrollment.ca.lint.LintedCertificate;
import io.gatehouse.enrollment.ca.ocsp.OcspIssuer;
import io.gatehouse.enrollment.ca.profile.Addresses;
import io.gatehouse.enrollment.ca.profile.Assembly;
import io.gatehouse.enrollment.ca.profile.Draft;
import io.gatehouse.enrollment.ca.profile.IssuerFacts;
import io.gatehouse.enrollment.ca.profile.Profile;
import io.gatehouse.enrollment.ca.profile.Validity;
import io.gatehouse.enrollment.keys.SigningKey;
import io.gatehouse.x509.Certificates;
import io.gatehouse.x509.der.DerWriter;
import io.gatehouse.x509.der.MalformedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Object;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;

/**
 * A certificate with its key: what signs certificates, always in the same stages (assemble, lint, sign), and CRLs. Immutable and
 * thread-safe.
 */
final class Authority {
    private static final CertificateLinter LINTER = new CertificateLinter();
    private static final byte[] ALGORITHM = der(Assembly.SIGNATURE_ALGORITHM);

    private static final Duration RESPONDER_LIFETIME = Duration.ofDays(7);

    /** No device id: it has blanks. */
    private static final X500Name RESPONDER = new X500NameBuilder(BCStyle.INSTANCE)
            .addRDN(BCStyle.CN, new DERUTF8String("Gatehouse OCSP responder"))
            .build();

    private final Generation name;
    private final X509Certificate certificate;
    private final SigningKey key;
    private final IssuerFacts facts;
    private final Assembly assembly;
    private final String subject;

    /** The authority with that certificate, whose key this is. */
    Authority(Generation name, X509Certificate certificate, SigningKey key, Addresses addresses, SecureRandom random) {
        this.name = name;
        this.certificate = certificate;
        this.key = key;
        this.facts = IssuerFacts.of(certificate, addresses);
        this.assembly = new Assembly(facts, random);
        this.subject = certificate.getSubjectX500Principal().getName();
    }

    /** A new root, whose certificate it signs itself. */
    static Authority newRoot(Generation name, Draft draft, SigningKey key, Addresses addresses, SecureRandom random) {
        var unsigned = new Assembly(IssuerFacts.ofRoot(draft), random).assemble(draft);
        return new Authority(name, sign(LINTER.lint(unsigned), key), key, addresses, random);
    }

    /**
     * The certificate of that draft.
     *
     * @throws io.gatehouse.enrollment.ca.lint.LintException when it breaks a rule; nothing was signed then
     */
    X509Certificate issue(Draft draft) {
        return sign(LINTER.lint(assembly.assemble(draft)), key);
    }

    /** The same for who needs no more than its encoding. */
    IssuedCertificate issueEncoded(Draft draft) {
        var linted = LINTER.lint(assembly.assemble(draft));
        return new IssuedCertificate(
                signed(linted, key),
                linted.serial(),
                subject,
                draft.validity().notBefore(),
                draft.validity().notAfter());
    }

    /** What its CRLs take from it. */
    CrlIssuer crlIssuer() {
        return new CrlIssuer(der(facts.name()), facts.keyIdentifier().getKeyIdentifier(), key::sign);
    }

    /** What OCSP takes from it: responders live for 7 days at most, and no longer than the authority. */
    OcspIssuer ocspIssuer() {
        return new OcspIssuer(certificate, this::responder);
    }

    private X509Certificate responder(PublicKey responderKey, Instant now) {
        if (now.isAfter(validity().notAfter())) {
            throw new IllegalStateException("the " + name + " CA has ended: nothing can be signed for it");
        }
        var validity = Validity.from(now, RESPONDER_LIFETIME).within(validity());
        return issue(Draft.leaf(Profile.RESPONDER, RESPONDER, List.of(), responderKey, validity));
    }

    Generation name() {
        return name;
    }

    /** Its name as its certificates and the registry have it as their issuer's (RFC 2253). */
    String subject() {
        return subject;
    }

    X509Certificate certificate() {
        return certificate;
    }

    /** The hosts to which its name constraints hold URIs; empty: any. */
    List<String> permittedUriHosts() {
        return facts.permittedUriHosts();
    }

    Validity validity() {
        return facts.validity();
    }

    private static byte[] signed(LintedCertificate linted, SigningKey key) {
        return DerWriter.sequence(linted.tbs(), ALGORITHM, DerWriter.bitString(key.sign(linted.tbs())));
    }

    private static X509Certificate sign(LintedCertificate linted, SigningKey key) {
        try {
            return Certificates.parse(signed(linted, key));
        } catch (MalformedException e) {
            throw new IllegalStateException("a linted certificate cannot be read", e);
        }
    }

    private static byte[] der(ASN1Object value) {
        try {
            return value.getEncoded(ASN1Encoding.DER);
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written", e);
        }
    }
}

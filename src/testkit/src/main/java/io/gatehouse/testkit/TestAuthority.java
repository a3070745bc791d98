package io.gatehouse.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.function.Consumer;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509CRLHolder;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A certificate authority for tests: {@code TestAuthority.root().devicesCa().device("d-1")}. It issues whatever it is asked for,
 * wrong certificates too, and shares no code with the real one. Immutable and thread-safe.
 */
public final class TestAuthority {
    /** The trust domain in the role URIs unless a test names another. */
    public static final String TRUST_DOMAIN = "gatehouse.internal";

    private final KeyPair key;
    private final X509Certificate certificate;
    private final List<X509Certificate> aboveWithRoot;

    private TestAuthority(KeyPair key, X509Certificate certificate, List<X509Certificate> aboveWithRoot) {
        this.key = key;
        this.certificate = certificate;
        this.aboveWithRoot = aboveWithRoot;
    }

    /** A new self-signed root. */
    public static TestAuthority root() {
        return root("Test root");
    }

    /** A new self-signed root of that name. */
    public static TestAuthority root(String name) {
        CertificateOrder order = caOrder(name);
        X509Certificate self = sign(order, order.subject, null, order.key.getPrivate(), -1);
        return new TestAuthority(order.key, self, List.of());
    }

    /**
     * An authority whose key and certificate came from elsewhere, such as a stolen one.
     *
     * @param above the certificates above it, the root last
     */
    public static TestAuthority of(PrivateKey stolen, X509Certificate certificate, List<X509Certificate> above) {
        return new TestAuthority(new KeyPair(certificate.getPublicKey(), stolen), certificate, List.copyOf(above));
    }

    /** An authority under this one that issues to devices. */
    public TestAuthority devicesCa() {
        return intermediate("Test devices CA");
    }

    /** An authority under this one that issues to services. */
    public TestAuthority servicesCa() {
        return intermediate("Test services CA");
    }

    /** An authority under this one, with path length 0. */
    public TestAuthority intermediate(String name) {
        CertificateOrder order = caOrder(name);
        X509Certificate signed = sign(order, issuerName(), certificate, key.getPrivate(), 0);
        List<X509Certificate> above = new ArrayList<>();
        above.add(certificate);
        above.addAll(aboveWithRoot);
        return new TestAuthority(order.key, signed, List.copyOf(above));
    }

    /** A device's certificate as ours look: the id as common name and in the URI, for clients. */
    public HeldCertificate device(String id) {
        return device(id, order -> {});
    }

    /** A device's certificate with something changed. */
    public HeldCertificate device(String id, Consumer<CertificateOrder> changes) {
        CertificateOrder order = new CertificateOrder(Names.commonName(id))
                .uri("spiffe://" + TRUST_DOMAIN + "/device/" + id)
                .clientAuth();
        changes.accept(order);
        return issue(order);
    }

    /** A server's certificate for those hosts; roles are added as URIs. */
    public HeldCertificate server(Consumer<CertificateOrder> changes) {
        CertificateOrder order = new CertificateOrder(Names.commonName("server"))
                .serverAuth()
                .host("localhost")
                .host("127.0.0.1");
        changes.accept(order);
        return issue(order);
    }

    /** Any certificate. */
    public HeldCertificate issue(CertificateOrder order) {
        X509Certificate leaf = sign(order, issuerName(), certificate, key.getPrivate(), -1);
        List<X509Certificate> chain = new ArrayList<>();
        chain.add(leaf);
        chain.add(certificate);
        chain.addAll(aboveWithRoot);
        if (chain.size() > 1 && isRoot(chain.get(chain.size() - 1))) {
            chain.remove(chain.size() - 1);
        }
        return new HeldCertificate(order.key, leaf, chain);
    }

    /** A certificate revocation list with those certificates on it, valid for a day. */
    public X509CRL crl(long number, List<X509Certificate> revoked) {
        Date now = Date.from(Instant.now());
        X509v2CRLBuilder builder = new X509v2CRLBuilder(issuerName(), now);
        builder.setNextUpdate(Date.from(Instant.now().plus(Duration.ofDays(1))));
        revoked.forEach(each -> builder.addCRLEntry(each.getSerialNumber(), now, 0));
        try {
            JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
            builder.addExtension(
                    Extension.cRLNumber, false, new org.bouncycastle.asn1.x509.CRLNumber(BigInteger.valueOf(number)));
            builder.addExtension(
                    Extension.authorityKeyIdentifier, false, extensions.createAuthorityKeyIdentifier(certificate));
            X509CRLHolder holder = builder.build(signer(key.getPrivate()));
            return (X509CRL) CertificateFactory.getInstance("X.509")
                    .generateCRL(new java.io.ByteArrayInputStream(holder.getEncoded()));
        } catch (GeneralSecurityException | IOException broken) {
            throw new IllegalStateException(broken);
        }
    }

    /** Its own certificate. */
    public X509Certificate certificate() {
        return certificate;
    }

    /** Its private key. */
    public PrivateKey privateKey() {
        return key.getPrivate();
    }

    /** The root above it, or itself. */
    public X509Certificate rootCertificate() {
        return aboveWithRoot.isEmpty() ? certificate : aboveWithRoot.get(aboveWithRoot.size() - 1);
    }

    private X500Name issuerName() {
        // The bytes, not the text: RFC 5280 section 4.1.2.4 compares encodings.
        return X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    }

    private static boolean isRoot(X509Certificate candidate) {
        return candidate.getSubjectX500Principal().equals(candidate.getIssuerX500Principal());
    }

    private static CertificateOrder caOrder(String name) {
        Instant now = Instant.now();
        return new CertificateOrder(Names.commonName(name))
                .authority()
                .validity(now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(365)));
    }

    private static X509Certificate sign(
            CertificateOrder order,
            X500Name issuer,
            @Nullable X509Certificate issuerCertificate,
            PrivateKey signingKey,
            int pathLength) {
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                issuer,
                order.serial,
                Date.from(order.notBefore),
                Date.from(order.notAfter),
                order.subject,
                order.key.getPublic());
        try {
            addExtensions(builder, order, issuerCertificate, pathLength);
            X509Certificate signed =
                    new JcaX509CertificateConverter().getCertificate(builder.build(signer(signingKey)));
            // Through the JDK's own parser, so that nothing of Bouncy Castle leaks into what is tested.
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new java.io.ByteArrayInputStream(signed.getEncoded()));
        } catch (CertIOException broken) {
            throw new UncheckedIOException(broken);
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static void addExtensions(
            X509v3CertificateBuilder builder,
            CertificateOrder order,
            @Nullable X509Certificate issuerCertificate,
            int pathLength)
            throws GeneralSecurityException, CertIOException {
        JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
        builder.addExtension(
                Extension.basicConstraints,
                true,
                order.authority && pathLength >= 0
                        ? new BasicConstraints(pathLength)
                        : new BasicConstraints(order.authority));
        int usage = order.authority ? KeyUsage.keyCertSign | KeyUsage.cRLSign : KeyUsage.digitalSignature;
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
        builder.addExtension(
                Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(order.key.getPublic()));
        builder.addExtension(
                Extension.authorityKeyIdentifier,
                false,
                issuerCertificate == null
                        ? extensions.createAuthorityKeyIdentifier(order.key.getPublic())
                        : keyIdentifierOf(issuerCertificate));
        if (!order.purposes.isEmpty()) {
            builder.addExtension(
                    Extension.extendedKeyUsage,
                    false,
                    new ExtendedKeyUsage(order.purposes.toArray(KeyPurposeId[]::new)));
        }
        if (!order.names.isEmpty()) {
            builder.addExtension(
                    Extension.subjectAlternativeName, false, new GeneralNames(order.names.toArray(GeneralName[]::new)));
        }
    }

    /** The issuer's own subject key identifier, which need not be the one that Bouncy Castle would compute. */
    private static AuthorityKeyIdentifier keyIdentifierOf(X509Certificate issuer) {
        byte[] extension = issuer.getExtensionValue(Extension.subjectKeyIdentifier.getId());
        byte[] identifier = ASN1OctetString.getInstance(
                        ASN1OctetString.getInstance(extension).getOctets())
                .getOctets();
        return new AuthorityKeyIdentifier(identifier);
    }

    private static ContentSigner signer(PrivateKey key) {
        try {
            return new JcaContentSignerBuilder(Signatures.algorithmFor(key)).build(key);
        } catch (OperatorCreationException broken) {
            throw new IllegalStateException(broken);
        }
    }
}

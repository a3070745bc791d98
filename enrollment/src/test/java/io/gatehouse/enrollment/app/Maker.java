package io.gatehouse.enrollment.app;

import io.gatehouse.testkit.Keys;
import io.gatehouse.x509.Certificates;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.function.Consumer;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.jcajce.JcaX509v1CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A maker of devices: an authority that gives each device an IDevID (IEEE 802.1AR), or something that only looks like one. */
final class Maker {
    /** The end that 802.1AR wants: never (RFC 5280, section 4.1.2.5). */
    static final Instant NEVER = Instant.parse("9999-12-31T23:59:59Z");

    private static final SecureRandom RANDOM = new SecureRandom();

    final X509Certificate certificate;
    private final KeyPair key;
    private final List<X509Certificate> above;

    private Maker(KeyPair key, X509Certificate certificate, List<X509Certificate> above) {
        this.key = key;
        this.certificate = certificate;
        this.above = above;
    }

    /** What is to be made; starts sound. */
    static final class Order {
        String subject;
        KeyPair key = Keys.p256();
        String signature = "SHA256withECDSA";
        Instant from = Instant.now().minus(Duration.ofDays(400));
        Instant to = NEVER;
        boolean versionOne;
        boolean authority;
        int pathLength = -1;
        int usage = KeyUsage.digitalSignature;
        List<KeyPurposeId> purposes = new ArrayList<>();
        List<String> permitted = new ArrayList<>();
        boolean unknownCritical;
        KeyPair signer;

        Order(String subject) {
            this.subject = subject;
        }
    }

    /** A device's IDevID with its key and the authorities that it sends along. */
    record Idevid(KeyPair key, List<X509Certificate> chain) {
        X509Certificate leaf() {
            return chain.get(0);
        }
    }

    static Maker root(String name) {
        return root(name, order -> {});
    }

    static Maker root(String name, Consumer<Order> changes) {
        var order = authority("CN=" + name);
        changes.accept(order);
        return new Maker(order.key, sign(order, new X500Name(order.subject), order.key), List.of());
    }

    Maker intermediate(String name, Consumer<Order> changes) {
        var order = authority("CN=" + name);
        changes.accept(order);
        var chain = new ArrayList<X509Certificate>();
        chain.add(certificate);
        chain.addAll(above);
        return new Maker(order.key, sign(order, name(), key), List.copyOf(chain));
    }

    private static Order authority(String subject) {
        var order = new Order(subject);
        order.authority = true;
        order.usage = KeyUsage.keyCertSign | KeyUsage.cRLSign;
        return order;
    }

    /** With the root left out, as most devices have it. */
    Idevid device(String serial) {
        return device("SERIALNUMBER=" + serial + ",O=Maker", order -> {});
    }

    Idevid device(String subject, Consumer<Order> changes) {
        var order = new Order(subject);
        changes.accept(order);
        var chain = new ArrayList<X509Certificate>();
        chain.add(sign(order, name(), key));
        if (!above.isEmpty()) {
            chain.add(certificate);
            chain.addAll(above.subList(0, above.size() - 1));
        }
        return new Idevid(order.key, List.copyOf(chain));
    }

    private X500Name name() {
        return X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    }

    private static X509Certificate sign(Order order, X500Name issuer, KeyPair issuerKey) {
        var signer = order.signer == null ? issuerKey : order.signer;
        try {
            var signing = new JcaContentSignerBuilder(order.signature).build(signer.getPrivate());
            var serial = new BigInteger(127, RANDOM).setBit(126);
            var subject = new X500Name(order.subject);
            var from = Date.from(order.from);
            var to = Date.from(order.to);
            if (order.versionOne) {
                return Certificates.parse(
                        new JcaX509v1CertificateBuilder(issuer, serial, from, to, subject, order.key.getPublic())
                                .build(signing)
                                .getEncoded());
            }
            var builder = new JcaX509v3CertificateBuilder(issuer, serial, from, to, subject, order.key.getPublic());
            builder.addExtension(Extension.basicConstraints, true, constraints(order));
            if (order.usage != 0) {
                builder.addExtension(Extension.keyUsage, true, new KeyUsage(order.usage));
            }
            if (!order.purposes.isEmpty()) {
                builder.addExtension(
                        Extension.extendedKeyUsage,
                        false,
                        new ExtendedKeyUsage(order.purposes.toArray(KeyPurposeId[]::new)));
            }
            if (!order.permitted.isEmpty()) {
                var subtrees = order.permitted.stream()
                        .map(name -> new GeneralSubtree(new GeneralName(new X500Name(name))))
                        .toArray(GeneralSubtree[]::new);
                builder.addExtension(Extension.nameConstraints, true, new NameConstraints(subtrees, null));
            }
            if (order.unknownCritical) {
                builder.addExtension(new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1"), true, DERNull.INSTANCE);
            }
            return Certificates.parse(builder.build(signing).getEncoded());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static ASN1Encodable constraints(Order order) {
        return order.authority && order.pathLength >= 0
                ? new BasicConstraints(order.pathLength)
                : new BasicConstraints(order.authority);
    }
}

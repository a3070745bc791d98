package io.gatehouse.testkit;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/**
 * What a test wants in a leaf certificate, faults included. Starts as a sound certificate of today; each method changes one thing.
 * Mutable, for one certificate.
 */
public final class CertificateOrder {
    private static final SecureRandom RANDOM = new SecureRandom();

    KeyPair key = Keys.p256();
    X500Name subject;
    BigInteger serial = new BigInteger(127, RANDOM).setBit(126);
    Instant notBefore = Instant.now().minus(Duration.ofMinutes(5));
    Instant notAfter = Instant.now().plus(Duration.ofDays(90));
    final List<GeneralName> names = new ArrayList<>();
    final List<KeyPurposeId> purposes = new ArrayList<>();
    boolean authority;

    CertificateOrder(X500Name subject) {
        this.subject = subject;
    }

    /** With that key, in place of a new P-256 one. */
    public CertificateOrder key(KeyPair pair) {
        this.key = pair;
        return this;
    }

    /** With that serial number, such as one that another certificate has. */
    public CertificateOrder serial(BigInteger number) {
        this.serial = number;
        return this;
    }

    /** With that common name. */
    public CertificateOrder commonName(String name) {
        this.subject = Names.commonName(name);
        return this;
    }

    /** Valid from then to then. */
    public CertificateOrder validity(Instant from, Instant to) {
        this.notBefore = from;
        this.notAfter = to;
        return this;
    }

    /** Expired for an hour. */
    public CertificateOrder expired() {
        Instant now = Instant.now();
        return validity(now.minus(Duration.ofDays(2)), now.minus(Duration.ofHours(1)));
    }

    /** Valid from tomorrow on. */
    public CertificateOrder notYetValid() {
        Instant now = Instant.now();
        return validity(now.plus(Duration.ofDays(1)), now.plus(Duration.ofDays(2)));
    }

    /** With no subject alternative name so far. */
    public CertificateOrder noNames() {
        names.clear();
        return this;
    }

    /** With that URI as a further subject alternative name. */
    public CertificateOrder uri(String uri) {
        names.add(new GeneralName(GeneralName.uniformResourceIdentifier, uri));
        return this;
    }

    /** With that DNS name, or address when it looks like one, as a further subject alternative name. */
    public CertificateOrder host(String host) {
        boolean address = host.matches("[0-9.]+|.*:.*");
        names.add(new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, host));
        return this;
    }

    /** For servers only. */
    public CertificateOrder serverAuth() {
        purposes.clear();
        purposes.add(KeyPurposeId.id_kp_serverAuth);
        return this;
    }

    /** For clients only. */
    public CertificateOrder clientAuth() {
        purposes.clear();
        purposes.add(KeyPurposeId.id_kp_clientAuth);
        return this;
    }

    /** Without an extended key usage. */
    public CertificateOrder noPurpose() {
        purposes.clear();
        return this;
    }

    /** As a certificate authority. */
    public CertificateOrder authority() {
        this.authority = true;
        return this;
    }
}

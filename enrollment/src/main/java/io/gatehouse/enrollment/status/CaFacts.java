package io.gatehouse.enrollment.status;

import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the status tells of authorities, revocation lists and cryptography. Thread-safe; asked each time anew. */
public interface CaFacts {
    List<Authority> authorities();

    List<Crl> crls();

    /** Whether the root keys still lie on this machine. */
    boolean rootKeysHere();

    /** The JCA provider that signs, and its version. */
    String provider();

    /** The JCA provider of X25519, and its version. */
    String x25519();

    /** When the service's own server certificate ends. */
    Instant serverCertificateUntil();

    /** The certificate of another CA that is shown beside the own one, when there is one. */
    Optional<PublicCertificate> publicCertificate();

    /**
     * A certificate of another CA.
     *
     * @param endsSoon whether it should have been renewed by now
     * @param problem why its files, as they are now, are not used
     */
    record PublicCertificate(List<String> names, Instant until, boolean endsSoon, Optional<String> problem) {}

    /** A CA certificate. */
    record Authority(String name, String sha256, Instant notAfter) {}

    /** A CRL as it is published now. */
    record Crl(String name, BigInteger number, int entries, Instant thisUpdate, Instant nextUpdate) {}
}

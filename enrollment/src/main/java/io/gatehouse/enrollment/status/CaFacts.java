package io.gatehouse.enrollment.status;

import java.math.BigInteger;
import java.time.Instant;
import java.util.List;

/** What the status tells of authorities, revocation lists and cryptography. Thread-safe; asked each time anew. */
public interface CaFacts {
    List<Authority> authorities();

    List<Crl> crls();

    /** Whether the root keys still lie on this machine. */
    boolean rootKeysHere();

    /** The JCA provider that signs, and its version. */
    String provider();

    /** When the service's own server certificate ends. */
    Instant serverCertificateUntil();

    /** A CA certificate. */
    record Authority(String name, String sha256, Instant notAfter) {}

    /** A CRL as it is published now. */
    record Crl(String name, BigInteger number, int entries, Instant thisUpdate, Instant nextUpdate) {}
}

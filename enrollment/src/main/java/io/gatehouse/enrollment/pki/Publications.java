package io.gatehouse.enrollment.pki;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What is public of the authorities, by their names in addresses. Thread-safe. */
public interface Publications {
    /** A CRL, as it is now. */
    Optional<Published> crl(String name);

    /** A CA certificate. */
    Optional<Published> certificate(String name);

    /**
     * Bytes for everybody.
     *
     * @param tag for these bytes and no others, without quotes
     * @param since when they were made, where that is known
     * @param fresh how long a cache may keep them
     */
    @SuppressWarnings("ArrayRecordComponent") // written to a socket, never compared
    record Published(byte[] der, String tag, Optional<Instant> since, Duration fresh) {}
}

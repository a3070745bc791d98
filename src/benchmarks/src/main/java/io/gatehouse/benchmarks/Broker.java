package io.gatehouse.benchmarks;

import java.security.cert.X509Certificate;
import java.time.Duration;

/** A broker that runs in a process of its own and is measured there. */
interface Broker extends AutoCloseable {
    int port();

    /** The certificate that it shows. */
    X509Certificate certificate();

    ProcessTime time();

    default Duration cpu() {
        return time().whole();
    }

    @Override
    void close();
}

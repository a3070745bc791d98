package io.gatehouse.enrollment.app.port;

/** Keeps the CRLs. Thread-safe; never blocks the caller for a CRL to be made. */
public interface CrlPublisher {
    /** What is revoked or held has changed: new CRLs of the devices CAs are due soon. */
    void changed();
}

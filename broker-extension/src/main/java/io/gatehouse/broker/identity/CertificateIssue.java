package io.gatehouse.broker.identity;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.List;

/** Where the broker gets its certificates. */
@FunctionalInterface
public interface CertificateIssue {
    /** The new certificate, then what stands above it; the message of an exception is for the operator. */
    List<X509Certificate> issue(IdentityFiles.Use use, byte[] pkcs10) throws IOException;
}

package io.gatehouse.enrollment.http;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** The key and chain (leaf first) that a server shows. */
public record ServerIdentity(PrivateKey key, List<X509Certificate> chain) {
    public ServerIdentity {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("a server needs a certificate");
        }
    }

    @Override
    public String toString() {
        return "ServerIdentity[" + chain.get(0).getSubjectX500Principal() + "]";
    }
}

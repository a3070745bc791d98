package io.gatehouse.enrollment.app;

import io.gatehouse.identity.FleetName;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * What somebody sends to get a certificate.
 *
 * @param fleet the fleet label of the path
 * @param credentials device id and claim secret
 * @param chain the client certificates of the TLS connection, the leaf first; possession of its key is proven, nothing else
 * @param pkcs10 the request's DER
 * @param source the peer's address, for throttling
 */
@SuppressWarnings("ArrayRecordComponent") // lives for one request
public record EnrollmentRequest(
        Optional<FleetName> fleet,
        Optional<Credentials> credentials,
        List<X509Certificate> chain,
        byte[] pkcs10,
        String source) {
    /** Device id and claim secret, unchecked. */
    public record Credentials(String user, String secret) {
        @Override
        public String toString() {
            return "Credentials[hidden]";
        }
    }
}

package io.gatehouse.enrollment.app.port;

import io.gatehouse.identity.BrokerName;
import io.gatehouse.identity.DeviceId;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * The certificate authority: profile, linter and signature. The caller has decided who gets a certificate; the profile decides all
 * that is in it. Thread-safe.
 */
public interface Issuer {
    /** A device's certificate, EKU clientAuth. Its times never leave the issuing CA's: read them from the answer. */
    X509Certificate issueDevice(DeviceId id, PublicKey key, Instant notBefore, Instant notAfter);

    /** The same as its encoding, which is what most callers need. */
    default IssuedCertificate issueDeviceEncoded(DeviceId id, PublicKey key, Instant notBefore, Instant notAfter) {
        return IssuedCertificate.of(issueDevice(id, key, notBefore, notAfter));
    }

    /**
     * A server's certificate, EKU serverAuth.
     *
     * @param hosts DNS names and IP addresses for the SAN
     * @param roleUri the role for the SAN, as {@code spiffe://TRUST-DOMAIN/broker/NAME}
     */
    X509Certificate issueServer(List<String> hosts, String roleUri, PublicKey key, Instant notBefore, Instant notAfter);

    /** A broker's certificate for the feed, EKU clientAuth, only the role in the SAN. */
    X509Certificate issueFeed(BrokerName broker, PublicKey key, Instant notBefore, Instant notAfter);

    /** What EST's cacerts answers: the devices CAs that are to be trusted, the issuing one first, devices root, services CA, services root. */
    List<X509Certificate> estCaCerts();

    /** The devices CA that issues now. */
    X509Certificate devicesCa();

    /** Every devices CA whose certificates may be met: the issuing one first, then the others, the newest first. */
    List<X509Certificate> devicesCas();

    X509Certificate devicesRoot();

    X509Certificate servicesCa();

    X509Certificate servicesRoot();
}

package io.gatehouse.enrollment.ca.ocsp;

import io.gatehouse.enrollment.keys.SoftwareKey;
import io.gatehouse.x509.Certificates;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One authority as OCSP sees it: how requests name it, and the delegated certificate that signs for it (RFC 6960, section 4.2.2.2). That
 * certificate is made when it is first needed, with a key that no disk ever sees, and again when half of its life is over; when that
 * fails, the old one goes on as long as it is valid. Thread-safe.
 */
final class Responder {
    private static final Logger LOG = LoggerFactory.getLogger(Responder.class);

    private final OcspIssuer issuer;
    private final String name;
    private final Map<HashAlgorithm, byte[]> nameHashes;
    private final Map<HashAlgorithm, byte[]> keyHashes;
    private volatile @Nullable Signer signer;

    Responder(OcspIssuer issuer) {
        this.issuer = issuer;
        this.name = issuer.certificate().getSubjectX500Principal().getName();
        var subject = issuer.certificate().getSubjectX500Principal().getEncoded();
        var key = Signer.keyBits(issuer.certificate().getPublicKey());
        this.nameHashes = hashes(subject);
        this.keyHashes = hashes(key);
    }

    private static Map<HashAlgorithm, byte[]> hashes(byte[] bytes) {
        var hashes = new EnumMap<HashAlgorithm, byte[]>(HashAlgorithm.class);
        for (var algorithm : HashAlgorithm.values()) {
            hashes.put(algorithm, algorithm.of(bytes));
        }
        return hashes;
    }

    /** The issuer's name, as certificates in the registry have it. */
    String name() {
        return name;
    }

    /** Whether that certificate would be one of this authority's. */
    boolean answersFor(CertId id) {
        return id.algorithm()
                .filter(algorithm -> Arrays.equals(nameHashes.get(algorithm), id.issuerNameHash())
                        && Arrays.equals(keyHashes.get(algorithm), id.issuerKeyHash()))
                .isPresent();
    }

    /**
     * Who signs now.
     *
     * @throws IllegalStateException when there is nobody: the authority itself has ended
     */
    Signer signer(Instant now) {
        var current = signer;
        return current != null && current.isFresh(now) ? current : renewed(now);
    }

    private synchronized Signer renewed(Instant now) {
        var current = signer;
        if (current != null && current.isFresh(now)) {
            return current;
        }
        try {
            var pair = SoftwareKey.generate();
            var certificate = issuer.delegate().apply(pair.getPublic(), now);
            var end = certificate.getNotAfter().toInstant();
            var made = new Signer(
                    SoftwareKey.of(pair.getPrivate(), pair.getPublic()),
                    Certificates.der(certificate),
                    certificate.getNotBefore().toInstant(),
                    now.plus(Duration.between(now, end).dividedBy(2)),
                    end);
            signer = made;
            LOG.info("OCSP responder of {} until {}", name, end);
            return made;
        } catch (RuntimeException e) {
            if (current != null && current.isValid(now)) {
                LOG.error("the OCSP responder of {} cannot be renewed; the old one goes on", name, e);
                return current;
            }
            throw e;
        }
    }
}

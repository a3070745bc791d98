package io.gatehouse.broker.identity;

import io.gatehouse.broker.config.UnsafeConfigurationException;
import io.gatehouse.broker.identity.IdentityFiles.Use;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.x509.Certificates;
import io.gatehouse.x509.Keys;
import io.gatehouse.x509.Pem;
import io.gatehouse.x509.Pkcs10Request;
import io.gatehouse.x509.SpiffeId;
import io.gatehouse.x509.TrustDomain;
import io.gatehouse.x509.tls.ClientIdentity;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * Renews the broker's two certificates at half of their life, each with a new key; that of the server also when it was made by a clock that
 * was ahead and is not valid yet. What is in use is replaced only by something that was checked and is on disk. Blocks; for one thread.
 */
public final class Renewal {
    private final IdentityFiles files;
    private final SpiffeId expected;
    private final BrokerName broker;
    private final CertificateIssue service;
    private final InstantSource clock;

    public Renewal(
            IdentityFiles files, TrustDomain domain, BrokerName broker, CertificateIssue service, InstantSource clock) {
        this.files = files;
        this.expected = new SpiffeId.Broker(domain, broker);
        this.broker = broker;
        this.service = service;
        this.clock = clock;
    }

    /** Whether half of the life is over. */
    boolean due(X509Certificate certificate) {
        Instant from = certificate.getNotBefore().toInstant();
        Instant until = certificate.getNotAfter().toInstant();
        return !clock.instant().isBefore(from.plus(Duration.between(from, until).dividedBy(2)));
    }

    /** The identity of now, renewed first if it is due. */
    ClientIdentity current(Use use) throws IOException, UnsafeConfigurationException {
        var identity = files.identity(use);
        return due(identity.certificate()) || isTooEarly(use, identity.certificate())
                ? renew(use, identity.certificate())
                : identity;
    }

    /** With a feed certificate that is not valid yet nothing can be asked for. */
    private boolean isTooEarly(Use use, X509Certificate certificate) {
        return use == Use.SERVER
                && clock.instant().isBefore(certificate.getNotBefore().toInstant());
    }

    private ClientIdentity renew(Use use, X509Certificate before) throws IOException, UnsafeConfigurationException {
        var keys = Keys.generateP256();
        var chain = service.issue(use, Pkcs10Request.create(keys, broker.value()));
        var leaf = chain.get(0);
        if (!leaf.getPublicKey().equals(keys.getPublic())) {
            throw new IOException("the service answered with a certificate of another key");
        }
        if (Certificates.spiffeId(leaf).filter(expected::equals).isEmpty()) {
            throw new IOException("the service answered with a certificate of another name");
        }
        if (due(leaf)) {
            throw new IOException("the service answered with a certificate whose time is half over");
        }
        var begin = leaf.getNotBefore().toInstant();
        if (isTooEarly(use, before) && !begin.isBefore(before.getNotBefore().toInstant())) {
            throw new IOException("the service's clock is ahead of this broker's: its certificate begins at " + begin);
        }
        checkChain(chain);
        files.replace(use, Pem.write(keys.getPrivate()), Pem.write(chain));
        return files.identity(use);
    }

    /** To the services root: whoever pins it would refuse the broker otherwise. */
    private void checkChain(List<X509Certificate> chain) throws IOException, UnsafeConfigurationException {
        try {
            for (int i = 0; i + 1 < chain.size(); i++) {
                chain.get(i).verify(chain.get(i + 1).getPublicKey());
            }
            var last = chain.get(chain.size() - 1);
            for (var root : files.trust()) {
                if (last.equals(root) || last.getIssuerX500Principal().equals(root.getSubjectX500Principal())) {
                    last.verify(root.getPublicKey());
                    return;
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IOException("the service answered with a chain that does not hold", e);
        }
        throw new IOException("the service answered with a chain that does not end at the services root");
    }
}

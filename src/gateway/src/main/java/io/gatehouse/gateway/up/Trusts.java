package io.gatehouse.gateway.up;

import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.x509.Pem;
import io.gatehouse.x509.TrustDomain;
import io.gatehouse.x509.der.MalformedException;
import io.gatehouse.x509.tls.ServerRole;
import io.gatehouse.x509.tls.ServiceTrust;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;

/** Whom a client of this home believes: the services root, and below it the role that it came for. */
public final class Trusts {
    private Trusts() {}

    public static ServiceTrust ofService(Home home, ServiceConfig config, InstantSource clock) {
        return of(home, ServerRole.enrollmentService(TrustDomain.of(config.trustDomain())), clock);
    }

    public static ServiceTrust ofBroker(Home home, ServiceConfig config, InstantSource clock) {
        return of(home, ServerRole.anyBroker(TrustDomain.of(config.trustDomain())), clock);
    }

    private static ServiceTrust of(Home home, ServerRole role, InstantSource clock) {
        try {
            List<X509Certificate> anchors = Pem.certificates(Files.readString(home.trustPem()));
            return ServiceTrust.of(anchors, role, clock);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + home.trustPem(), e);
        } catch (MalformedException e) {
            throw new IllegalStateException(home.trustPem() + " holds no certificates", e);
        }
    }
}

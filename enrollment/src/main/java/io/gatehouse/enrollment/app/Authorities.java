package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.port.Issuer;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.x509.Certificates;
import java.util.Map;

/** Tells brokers which CAs issue device certificates. Thread-safe. */
public final class Authorities {
    private static final String DEVICES = "devices";

    private final Registry registry;
    private final Issuer issuer;

    public Authorities(Registry registry, Issuer issuer) {
        this.registry = registry;
        this.issuer = issuer;
    }

    /** At each start: makes the directory name the devices CA, when it does not yet. */
    public void announce() {
        var ca = issuer.devicesCa();
        registry.write(transaction -> {
            boolean isNew = transaction.saveAuthority(DEVICES, Certificates.der(ca));
            if (isNew) {
                transaction.audit(
                        Actor.SYSTEM,
                        "authority.announce",
                        DEVICES,
                        Map.of("certificate", Certificates.fingerprint(ca).hex()));
            }
            return isNew;
        });
    }
}

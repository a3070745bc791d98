package io.gatehouse.enrollment.ca;

import io.gatehouse.enrollment.ca.profile.Addresses;
import io.gatehouse.enrollment.config.ServiceConfig;
import java.util.Optional;

/** The addresses on the pki port that go into certificates. */
final class PkiAddresses {
    private final String base;

    PkiAddresses(ServiceConfig config) {
        this.base = config.pkiUrl() + "/pki/";
    }

    /** What certificates that this authority issues say. A root has no responder: its key is away. */
    Addresses of(Generation issuer) {
        var isRoot = issuer.role() == AuthorityName.DEVICES_ROOT || issuer.role() == AuthorityName.SERVICES_ROOT;
        return new Addresses(
                base + "crl/" + issuer + ".crl",
                base + "ca/" + issuer + ".cer",
                isRoot ? Optional.empty() : Optional.of(base + "ocsp"));
    }
}

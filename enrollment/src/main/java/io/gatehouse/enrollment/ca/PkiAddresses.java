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

    /**
     * What certificates that this authority issues say. Only the devices CAs have a responder: the roots' keys are away, and nothing that
     * the services CA issues is ever revoked, since it lives for a week and is known to whoever checks it.
     */
    Addresses of(Generation issuer) {
        return new Addresses(
                base + "crl/" + issuer + ".crl",
                base + "ca/" + issuer + ".cer",
                issuer.role() == AuthorityName.DEVICES ? Optional.of(base + "ocsp") : Optional.empty());
    }
}

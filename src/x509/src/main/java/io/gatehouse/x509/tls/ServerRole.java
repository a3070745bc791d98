package io.gatehouse.x509.tls;

import io.gatehouse.identity.BrokerName;
import io.gatehouse.x509.SpiffeId;
import io.gatehouse.x509.TrustDomain;
import java.util.function.Predicate;

/**
 * The role that a server's certificate must carry in its URI, so that a taken broker cannot pose as the enrollment service.
 *
 * @param allows which identities have the role
 * @param word how errors name the role
 */
public record ServerRole(Predicate<SpiffeId> allows, String word) {

    /** The enrollment service of this trust domain. */
    public static ServerRole enrollmentService(TrustDomain domain) {
        return new ServerRole(new SpiffeId.EnrollmentService(domain)::equals, domain.enrollmentService());
    }

    /** The enrollment service of whatever trust domain the pinned services root stands for: for a device that does not know it yet. */
    public static ServerRole anyEnrollmentService() {
        return new ServerRole(SpiffeId.EnrollmentService.class::isInstance, "service/enrollment");
    }

    /** One broker of this trust domain. */
    public static ServerRole broker(TrustDomain domain, BrokerName name) {
        return new ServerRole(new SpiffeId.Broker(domain, name)::equals, domain.broker(name));
    }

    /** Any broker of this trust domain. */
    public static ServerRole anyBroker(TrustDomain domain) {
        return new ServerRole(
                id -> id instanceof SpiffeId.Broker broker
                        && broker.trustDomain().equals(domain),
                "spiffe://" + domain + "/broker/…");
    }
}

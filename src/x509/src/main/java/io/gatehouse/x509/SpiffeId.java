package io.gatehouse.x509;

import io.gatehouse.identity.BrokerName;
import io.gatehouse.identity.DeviceId;
import java.util.Optional;

/**
 * Who a certificate is for, as its URI says (SPIFFE-ID): {@code spiffe://DOMAIN/device/ID}, {@code spiffe://DOMAIN/service/enrollment} or
 * {@code spiffe://DOMAIN/broker/NAME}. Only these three forms exist, byte for byte: no other case, no trailing slash, no escapes.
 */
public sealed interface SpiffeId {

    TrustDomain trustDomain();

    /** The URI. */
    String uri();

    /** A device or an application. */
    record Device(TrustDomain trustDomain, DeviceId device) implements SpiffeId {
        @Override
        public String uri() {
            return SCHEME + trustDomain + DEVICE + device;
        }
    }

    /** The enrollment service. */
    record EnrollmentService(TrustDomain trustDomain) implements SpiffeId {
        @Override
        public String uri() {
            return SCHEME + trustDomain + ENROLLMENT;
        }
    }

    /** A broker node. */
    record Broker(TrustDomain trustDomain, BrokerName broker) implements SpiffeId {
        @Override
        public String uri() {
            return SCHEME + trustDomain + BROKER + broker;
        }
    }

    String SCHEME = "spiffe://";
    String DEVICE = "/device/";
    String ENROLLMENT = "/service/enrollment";
    String BROKER = "/broker/";

    /** The identity that a URI names, or nothing when it is none of the three. */
    static Optional<SpiffeId> parse(String uri) {
        if (!uri.startsWith(SCHEME) || uri.length() > 1024) {
            return Optional.empty();
        }
        var slash = uri.indexOf('/', SCHEME.length());
        if (slash < 0) {
            return Optional.empty();
        }
        var path = uri.substring(slash);
        return TrustDomain.parse(uri.substring(SCHEME.length(), slash)).flatMap(domain -> ofPath(domain, path));
    }

    private static Optional<SpiffeId> ofPath(TrustDomain domain, String path) {
        if (path.equals(ENROLLMENT)) {
            return Optional.of(new EnrollmentService(domain));
        }
        if (path.startsWith(DEVICE)) {
            return DeviceId.parse(path.substring(DEVICE.length())).map(id -> new Device(domain, id));
        }
        if (path.startsWith(BROKER)) {
            return BrokerName.parse(path.substring(BROKER.length())).map(name -> new Broker(domain, name));
        }
        return Optional.empty();
    }
}

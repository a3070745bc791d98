package io.gatehouse.x509;

import io.gatehouse.identity.BrokerName;
import io.gatehouse.identity.DeviceId;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name under which one installation's identities stand, such as {@code gatehouse.internal}: the host part of every URI in its
 * certificates. A DNS name in lower case (so that X.509 name constraints apply to it), at most 255 characters, as SPIFFE-ID, section 2.1 asks.
 * Immutable and thread-safe.
 */
public record TrustDomain(String name) {
    /** What a name must look like, for error messages. */
    public static final String RULE = "a lower-case DNS name of a-z 0-9 - and dots, at most 255 characters";

    private static final String LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
    private static final Pattern FORM = Pattern.compile(LABEL + "(?:\\." + LABEL + ")*");

    /** The name that an installation has unless it chooses another. */
    public static final TrustDomain DEFAULT = new TrustDomain("gatehouse.internal");

    public TrustDomain {
        if (!valid(name)) {
            throw new IllegalArgumentException("not a trust domain: " + RULE);
        }
    }

    /** Throws IllegalArgumentException when the text is no trust domain. */
    public static TrustDomain of(String name) {
        return new TrustDomain(name);
    }

    /** The domain, or nothing when the text is none. */
    public static Optional<TrustDomain> parse(String text) {
        return valid(text) ? Optional.of(new TrustDomain(text)) : Optional.empty();
    }

    /** The URI of a device's certificate. */
    public String device(DeviceId device) {
        return new SpiffeId.Device(this, device).uri();
    }

    /** The URI of the enrollment service's server certificate. */
    public String enrollmentService() {
        return new SpiffeId.EnrollmentService(this).uri();
    }

    /** The URI of a broker's server and feed certificates. */
    public String broker(BrokerName broker) {
        return new SpiffeId.Broker(this, broker).uri();
    }

    /** The same for a name in text; throws IllegalArgumentException when it is none. */
    public String broker(String broker) {
        return broker(BrokerName.of(broker));
    }

    private static boolean valid(String text) {
        return text.length() <= 255 && FORM.matcher(text).matches();
    }

    @Override
    public String toString() {
        return name;
    }
}

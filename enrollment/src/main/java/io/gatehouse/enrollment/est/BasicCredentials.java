package io.gatehouse.enrollment.est;

import io.gatehouse.enrollment.app.EnrollmentRequest.Credentials;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/** HTTP Basic credentials (RFC 7617): device id and claim secret. */
final class BasicCredentials {
    private static final int LONGEST = 1024;

    private BasicCredentials() {}

    /** Nothing when there are none, when the scheme is another, or when they cannot be read: all three are no credentials. */
    static Optional<Credentials> of(Optional<String> authorization) {
        return authorization
                .filter(value -> value.length() <= LONGEST)
                .filter(value -> value.toLowerCase(Locale.ROOT).startsWith("basic "))
                .flatMap(value -> decode(value.substring(6).strip()))
                .flatMap(BasicCredentials::split);
    }

    private static Optional<String> decode(String base64) {
        try {
            return Optional.of(new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<Credentials> split(String text) {
        int colon = text.indexOf(':');
        return colon < 0
                ? Optional.empty()
                : Optional.of(new Credentials(text.substring(0, colon), text.substring(colon + 1)));
    }
}

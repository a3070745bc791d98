package io.gatehouse.agent.state;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** From when until when the device should renew; the service spreads the windows over the fleet. */
public record RenewalWindow(Instant from, Instant until) {

    /** A window from two RFC 3339 times, or nothing when they are none or in the wrong order. */
    public static Optional<RenewalWindow> of(String from, String until) {
        return Generation.time(from)
                .flatMap(start -> Generation.time(until).map(end -> new RenewalWindow(start, end)))
                .filter(window -> !window.until.isBefore(window.from));
    }

    static Optional<RenewalWindow> of(Map<String, String> members) {
        return of(members.getOrDefault("renewFrom", ""), members.getOrDefault("renewUntil", ""));
    }

    /** From two thirds to five sixths of the certificate's lifetime. */
    public static RenewalWindow ofLifetime(X509Certificate certificate) {
        var start = certificate.getNotBefore().toInstant();
        var life = Duration.between(start, certificate.getNotAfter().toInstant());
        return new RenewalWindow(
                start.plus(life.multipliedBy(4).dividedBy(6)),
                start.plus(life.multipliedBy(5).dividedBy(6)));
    }

    byte[] write() {
        return Json.write(Map.of("renewFrom", from.toString(), "renewUntil", until.toString()));
    }
}

package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.x509.Certificates;
import io.gatehouse.x509.Parsed;
import io.gatehouse.x509.Pem;
import io.gatehouse.x509.PublicKeys;
import io.gatehouse.x509.der.MalformedException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The authorities that a fleet takes factory certificates from. */
final class FactoryAnchors {
    static final int MOST = 16;
    static final int MOST_CHARACTERS = 64 * 1024;

    private static final String MEMBER = "enrollment.factory.anchors: ";
    private static final int KEY_CERT_SIGN = 5;
    private static final String NAME_CONSTRAINTS = "2.5.29.30";

    private FactoryAnchors() {}

    /** The text with its certificates and nothing else, when each could sign a factory certificate. */
    static Outcome<String> sound(String pem) {
        if (pem.length() > MOST_CHARACTERS) {
            return bad("at most " + MOST_CHARACTERS + " characters");
        }
        try {
            var anchors = Pem.certificates(pem);
            if (anchors.size() > MOST) {
                return bad("at most " + MOST + " certificates");
            }
            return IntStream.range(0, anchors.size())
                    .mapToObj(i -> fault(anchors.get(i)).map(fault -> "certificate " + (i + 1) + " " + fault))
                    .flatMap(Optional::stream)
                    .findFirst()
                    .<Outcome<String>>map(FactoryAnchors::bad)
                    .orElseGet(() -> Outcome.done(Pem.write(List.copyOf(anchors))));
        } catch (MalformedException e) {
            return bad("certificates as PEM and no other blocks: " + e.getMessage());
        }
    }

    /** What was found sound before. */
    static List<X509Certificate> read(String pem) {
        try {
            return Pem.certificates(pem);
        } catch (MalformedException e) {
            throw new IllegalStateException("stored anchors cannot be read", e);
        }
    }

    /** Why this certificate is no authority to be trusted; its own signature and its times do not matter here. */
    static Optional<String> fault(X509Certificate anchor) {
        if (anchor.getVersion() != 3 || anchor.getBasicConstraints() < 0) {
            return Optional.of("is not of a certificate authority (basicConstraints)");
        }
        var usage = anchor.getKeyUsage();
        if (usage != null && !usage[KEY_CERT_SIGN]) {
            return Optional.of("may not sign certificates (keyUsage)");
        }
        if (anchor.getSubjectX500Principal().getEncoded().length <= 2) {
            return Optional.of("has no name");
        }
        if (constrainsNames(anchor) && !Certificates.isSelfSigned(anchor)) {
            return Optional.of("constrains names without being a root: give its root");
        }
        return PublicKeys.read(anchor.getPublicKey().getEncoded()) instanceof Parsed.Malformed<?> weak
                ? Optional.of("has a key that is not accepted: " + weak.detail())
                : Optional.empty();
    }

    static boolean constrainsNames(X509Certificate anchor) {
        return anchor.getExtensionValue(NAME_CONSTRAINTS) != null;
    }

    private static Outcome<String> bad(String rule) {
        return Outcome.refused(RefusalReason.BAD_REQUEST, MEMBER + rule);
    }
}

package io.gatehouse.broker.monitor;

import io.gatehouse.identity.RefusalReason;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why a TLS handshake failed, from the words of the JDK's exceptions in HiveMQ's log. */
enum TlsReason {
    NO_CERTIFICATE("no-certificate", RefusalReason.NO_CERTIFICATE),
    UNKNOWN_ISSUER("unknown-issuer", RefusalReason.UNKNOWN_ISSUER),
    EXPIRED("expired", RefusalReason.EXPIRED),
    NOT_YET_VALID("not-yet-valid", RefusalReason.NOT_YET_VALID),
    /** The client did not take what the broker shows. */
    SERVER_REFUSED("server-refused", null),
    /** No common version or cipher suite. */
    NOT_AGREED("not-agreed", null),
    NOT_TLS("not-tls", null),
    OTHER("other", null);

    private final String word;
    private final @Nullable RefusalReason evidence;

    TlsReason(String word, @Nullable RefusalReason evidence) {
        this.word = word;
        this.evidence = evidence;
    }

    String word() {
        return word;
    }

    /** What the service is told; nothing for what concerns no certificate of a device. */
    Optional<RefusalReason> evidence() {
        return Optional.ofNullable(evidence);
    }

    /** {@code message}: of the innermost exception; the JDK's English. */
    static TlsReason of(String message) {
        if (message.contains("Empty client certificate chain")
                || message.contains("Empty server certificate chain")
                || message.contains("null cert chain")) {
            return NO_CERTIFICATE;
        }
        if (message.startsWith("NotAfter")) {
            return EXPIRED;
        }
        if (message.startsWith("NotBefore")) {
            return NOT_YET_VALID;
        }
        if (message.contains("unable to find valid certification path")
                || message.contains("Path does not chain")
                || message.contains("Signature does not match")
                || message.contains("signature check failed")) {
            return UNKNOWN_ISSUER;
        }
        if (message.startsWith("Received fatal alert")) {
            return SERVER_REFUSED;
        }
        return message.contains("no cipher suites in common")
                        || message.contains("is not enabled or supported")
                        || message.contains("No appropriate protocol")
                ? NOT_AGREED
                : OTHER;
    }
}

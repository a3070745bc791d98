package io.gatehouse.enrollment.app.port;

import io.gatehouse.enrollment.app.domain.CertificateStatus;
import java.util.List;

/**
 * Hears what became of certificates right after that is durable and before whoever asked for it is answered, in order of commits. Called
 * on the writer's thread: must not block and must not call the registry.
 */
@FunctionalInterface
public interface StatusListener {
    /** New certificates, and those whose state may have changed; the last word of a group about a certificate comes last. */
    void committed(List<CertificateStatus> statuses);
}

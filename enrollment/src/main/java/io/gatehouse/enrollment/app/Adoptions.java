package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.DeviceCertificate;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.enrollment.app.port.View;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.x509.Certificates;
import io.gatehouse.x509.SpiffeId;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;

/**
 * Certificates that a witness has made known after a restore, by their fingerprints alone: the first time that one is shown, and our CA's
 * signature on it was found good, it is written down in full. The certificate says whose it is; the witness has no say in that.
 */
final class Adoptions {
    private Adoptions() {}

    /** @param leaf signed by one of our devices CAs */
    static void complete(Registry registry, X509Certificate leaf) {
        var sha256 = Certificates.fingerprint(leaf);
        if (registry.read(view -> adopted(view, sha256)).isEmpty()) {
            return;
        }
        registry.write(transaction -> {
            var known = adopted(transaction, sha256);
            var device = device(leaf).flatMap(transaction::device);
            if (known.isEmpty() || device.isEmpty()) {
                return false;
            }
            boolean another = !device.get().id().equals(known.get().device());
            var complete = complete(known.get(), device.get().id(), leaf);
            transaction.complete(complete, Certificates.der(leaf));
            transaction.audit(
                    Actor.device(device.get().id()),
                    another ? "certificate.adopt-of-another" : "certificate.adopt",
                    device.get().id().value(),
                    Map.of(
                            "certificate",
                            sha256.hex(),
                            "told",
                            known.get().device().value()));
            return true;
        });
    }

    private static Optional<DeviceCertificate> adopted(View view, Fingerprint sha256) {
        return view.certificate(sha256).filter(DeviceCertificate::adopted);
    }

    private static Optional<DeviceId> device(X509Certificate leaf) {
        return Certificates.spiffeId(leaf)
                .filter(SpiffeId.Device.class::isInstance)
                .map(id -> ((SpiffeId.Device) id).device());
    }

    private static DeviceCertificate complete(DeviceCertificate known, DeviceId device, X509Certificate leaf) {
        return new DeviceCertificate(
                known.sha256(),
                device,
                leaf.getSerialNumber(),
                leaf.getIssuerX500Principal().getName(),
                known.state(),
                known.reason(),
                known.since(),
                leaf.getNotBefore().toInstant(),
                leaf.getNotAfter().toInstant(),
                known.issuedAt(),
                Certificates.keyFingerprint(leaf.getPublicKey()),
                known.keyBarred(),
                known.proof(),
                known.retired(),
                Optional.empty());
    }
}

package io.gatehouse.admission.decision;

import io.gatehouse.admission.feed.Entry.CertificateEntry;
import io.gatehouse.admission.feed.Entry.DeviceEntry;
import io.gatehouse.admission.replica.Directory;
import io.gatehouse.admission.replica.Fleet;
import io.gatehouse.admission.replica.View;
import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.FleetState;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.identity.policy.PolicySubject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The doorkeeper's decisions. Pure functions of what is given and of one revision of the directory: a change is seen whole or not at
 * all. Whatever is not positively known is refused. Thread-safe; microseconds, no I/O.
 *
 * <p>In this order: the directory is there and fresh; a certificate was presented; it is known, valid, in its time; its device is
 * active, and so is the fleet; the client id is the device's. Where the device's own state is why its certificate is held or revoked,
 * the answer is the device's word ({@code suspended}, {@code decommissioned}), because that is the act of a person.
 */
public final class Admission {
    private static final int MAX_SUFFIX = 32;

    private final Duration maxStale;

    /** {@code maxStale}: how long after the last contact with the service the directory is still good for new connections. */
    public Admission(Duration maxStale) {
        this.maxStale = maxStale;
    }

    /** Whether the client may connect. */
    public Decision decide(ConnectRequest request, Directory directory) {
        return directory.read(view -> decide(request, view));
    }

    /**
     * Why a live session that was opened with this certificate has to end now; nothing when it stays. A superseded certificate and a
     * stale directory end no session.
     */
    public Optional<RefusalReason> endReason(Fingerprint certificate, Directory directory, Instant now) {
        return directory.read(view -> endReason(certificate, view, now));
    }

    /** Whether the client id is the device's: equal, or {@code <DeviceId>:<suffix>} where more than one session is allowed. */
    public static boolean bound(String clientId, DeviceId device, int sessionsMax) {
        String id = device.value();
        if (!clientId.startsWith(id)) {
            return false;
        }
        if (clientId.length() == id.length()) {
            return true;
        }
        return sessionsMax > 1 && clientId.charAt(id.length()) == ':' && validSuffix(clientId, id.length() + 1);
    }

    private Decision decide(ConnectRequest request, View view) {
        if (!view.synchronised()) {
            return refuse(RefusalReason.NOT_SYNCHRONISED);
        }
        if (view.age(request.now()).compareTo(maxStale) > 0) {
            return refuse(RefusalReason.STALE);
        }
        if (request.certificate().isEmpty()) {
            return refuse(RefusalReason.NO_CERTIFICATE);
        }
        var certificate = view.certificate(request.certificate().get());
        if (certificate.isEmpty()) {
            return refuse(RefusalReason.UNKNOWN_CERTIFICATE);
        }
        return decide(request, view, certificate.get());
    }

    private static Decision decide(ConnectRequest request, View view, CertificateEntry certificate) {
        var device = view.device(certificate.device());
        var wrong = wrongCertificate(certificate, device, request.now());
        if (wrong.isPresent()) {
            return refuse(wrong.get());
        }
        if (certificate.state() == CertificateState.SUPERSEDED) {
            return refuse(RefusalReason.SUPERSEDED);
        }
        if (device.isEmpty()) {
            return refuse(RefusalReason.UNKNOWN_DEVICE);
        }
        var fleet = view.fleet(device.get().fleet());
        var away = wrongDevice(device.get(), fleet);
        if (away.isPresent() || fleet.isEmpty()) {
            return refuse(away.orElse(RefusalReason.UNKNOWN_FLEET));
        }
        return admit(request, certificate, device.get(), fleet.get());
    }

    private static Decision admit(
            ConnectRequest request, CertificateEntry certificate, DeviceEntry device, Fleet fleet) {
        int sessionsMax = fleet.entry().sessionsMax();
        if (!bound(request.clientId(), device.id(), sessionsMax)) {
            return refuse(RefusalReason.CLIENT_ID_MISMATCH);
        }
        return new Decision.Admit(
                new PolicySubject(device.id(), device.fleet(), device.attributes()),
                fleet.policy(),
                certificate.sha256(),
                certificate.notAfter(),
                sessionsMax);
    }

    private static Optional<RefusalReason> endReason(Fingerprint fingerprint, View view, Instant now) {
        var certificate = view.certificate(fingerprint);
        if (certificate.isEmpty()) {
            return Optional.of(
                    view.synchronised() ? RefusalReason.UNKNOWN_CERTIFICATE : RefusalReason.NOT_SYNCHRONISED);
        }
        var device = view.device(certificate.get().device());
        var wrong = wrongCertificate(certificate.get(), device, now);
        if (wrong.isPresent()) {
            return wrong;
        }
        return device.isEmpty()
                ? Optional.of(RefusalReason.UNKNOWN_DEVICE)
                : wrongDevice(device.get(), view.fleet(device.get().fleet()));
    }

    private static Optional<RefusalReason> wrongCertificate(
            CertificateEntry certificate, Optional<DeviceEntry> device, Instant now) {
        var deviceState = device.map(DeviceEntry::state);
        return switch (certificate.state()) {
            case REVOKED ->
                Optional.of(
                        deviceState.equals(Optional.of(DeviceState.DECOMMISSIONED))
                                ? RefusalReason.DECOMMISSIONED
                                : RefusalReason.REVOKED);
            case HELD ->
                Optional.of(
                        deviceState.equals(Optional.of(DeviceState.SUSPENDED))
                                ? RefusalReason.SUSPENDED
                                : RefusalReason.HELD);
            case VALID, SUPERSEDED -> outOfTime(certificate, now);
        };
    }

    private static Optional<RefusalReason> outOfTime(CertificateEntry certificate, Instant now) {
        if (now.isBefore(certificate.notBefore())) {
            return Optional.of(RefusalReason.NOT_YET_VALID);
        }
        return now.isAfter(certificate.notAfter()) ? Optional.of(RefusalReason.EXPIRED) : Optional.empty();
    }

    private static Optional<RefusalReason> wrongDevice(DeviceEntry device, Optional<Fleet> fleet) {
        return switch (device.state()) {
            case PENDING -> Optional.of(RefusalReason.PENDING);
            case REJECTED -> Optional.of(RefusalReason.REJECTED);
            case SUSPENDED -> Optional.of(RefusalReason.SUSPENDED);
            case DECOMMISSIONED -> Optional.of(RefusalReason.DECOMMISSIONED);
            case ACTIVE -> wrongFleet(fleet);
        };
    }

    private static Optional<RefusalReason> wrongFleet(Optional<Fleet> fleet) {
        if (fleet.isEmpty()) {
            return Optional.of(RefusalReason.UNKNOWN_FLEET);
        }
        return fleet.get().entry().state() == FleetState.ACTIVE
                ? Optional.empty()
                : Optional.of(RefusalReason.SUSPENDED);
    }

    private static boolean validSuffix(String clientId, int from) {
        int length = clientId.length() - from;
        if (length < 1 || length > MAX_SUFFIX) {
            return false;
        }
        return clientId.chars().skip(from).allMatch(Admission::isSuffixCharacter);
    }

    private static boolean isSuffixCharacter(int c) {
        return (c >= 'A' && c <= 'Z')
                || (c >= 'a' && c <= 'z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '_'
                || c == '-';
    }

    private static Decision refuse(RefusalReason reason) {
        return new Decision.Refuse(reason);
    }
}

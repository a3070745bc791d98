package io.gatehouse.broker.real;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.FleetKind;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.FleetState;
import io.gatehouse.identity.RevocationReason;
import io.gatehouse.identity.policy.Policy;
import io.gatehouse.identity.policy.Rule;
import io.gatehouse.testkit.HeldCertificate;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;

/** The directory's entries as the service would write them, short enough to read in a test. */
final class World {
    static final Policy TELEMETRY = Policy.of(
            Rule.publishing("devices/${device}/telemetry/#"), Rule.subscribing("devices/${device}/commands/#"));
    static final Policy EVERYTHING = Policy.of(Rule.publishing("#"), Rule.subscribing("#"));

    private World() {}

    static Entry fleet(String name, Policy policy) {
        return fleet(name, policy, FleetState.ACTIVE, 1);
    }

    static Entry fleet(String name, Policy policy, FleetState state, int sessions) {
        return new Entry.FleetEntry(FleetName.of(name), FleetKind.DEVICE, state, sessions, policy);
    }

    static Entry device(String id, String fleet) {
        return device(id, fleet, DeviceState.ACTIVE, 0);
    }

    static Entry device(String id, String fleet, DeviceState state, int revocations) {
        return new Entry.DeviceEntry(DeviceId.of(id), FleetName.of(fleet), state, Map.of(), revocations);
    }

    static Entry certificate(String device, HeldCertificate held, CertificateState state) {
        X509Certificate certificate = held.certificate();
        return new Entry.CertificateEntry(
                Fingerprint.of(held.sha256()),
                DeviceId.of(device),
                state,
                state == CertificateState.REVOKED ? Optional.of(RevocationReason.KEY_COMPROMISE) : Optional.empty(),
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant());
    }

    static Entry valid(String device, HeldCertificate held) {
        return certificate(device, held, CertificateState.VALID);
    }

    /** What the service writes when a device is revoked as a whole. */
    static Entry[] revocation(String device, String fleet, int count, HeldCertificate held) {
        return new Entry[] {
            device(device, fleet, DeviceState.ACTIVE, count), certificate(device, held, CertificateState.REVOKED)
        };
    }
}

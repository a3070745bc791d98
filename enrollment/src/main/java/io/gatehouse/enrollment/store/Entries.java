package io.gatehouse.enrollment.store;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.enrollment.app.domain.Device;
import io.gatehouse.enrollment.app.domain.DeviceCertificate;
import io.gatehouse.enrollment.app.domain.Fleet;

/** What brokers are told of a fleet, a device, a certificate: two values that give equal entries look the same to them. */
final class Entries {
    private Entries() {}

    static Entry of(Fleet fleet) {
        return new Entry.FleetEntry(fleet.name(), fleet.kind(), fleet.state(), fleet.sessionsMax(), fleet.policy());
    }

    static Entry of(Device device) {
        return new Entry.DeviceEntry(
                device.id(), device.fleet(), device.state(), device.attributes(), device.revocations());
    }

    static Entry of(DeviceCertificate certificate) {
        return new Entry.CertificateEntry(
                certificate.sha256(),
                certificate.device(),
                certificate.shownState(),
                certificate.reason(),
                certificate.notBefore(),
                certificate.notAfter());
    }
}

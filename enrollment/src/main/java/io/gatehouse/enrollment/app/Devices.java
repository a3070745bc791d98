package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.Device;
import io.gatehouse.enrollment.app.domain.DeviceCertificate;
import io.gatehouse.enrollment.app.domain.DeviceFilter;
import io.gatehouse.enrollment.app.domain.Enforcement;
import io.gatehouse.enrollment.app.domain.Listing;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.domain.Page;
import io.gatehouse.enrollment.app.domain.Session;
import io.gatehouse.enrollment.app.port.CrlPublisher;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.RevocationReason;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Shows devices and does to them what an administrator may do ("What ends what" of the contract). Thread-safe. */
public final class Devices {
    public Devices(
            Registry registry, CrlPublisher crl, Sessions sessions, Enforcements enforcements, InstantSource clock) {}

    /** A device, its newest certificates, its live sessions. */
    public record Detail(Device device, List<DeviceCertificate> certificates, List<Session> sessions) {}

    /** What is to change; an attribute with an empty value goes away, empty members stay. */
    public record Patch(Optional<FleetName> fleet, Map<String, Optional<String>> attributes) {}

    public Outcome<Listing<Device>> list(DeviceFilter filter, Page page) {
        return Soon.soon();
    }

    public Outcome<Detail> get(DeviceId id) {
        return Soon.soon();
    }

    public Outcome<Detail> patch(Actor actor, DeviceId id, Patch patch) {
        return Soon.soon();
    }

    public Outcome<Detail> suspend(Actor actor, DeviceId id) {
        return Soon.soon();
    }

    public Outcome<Detail> resume(Actor actor, DeviceId id) {
        return Soon.soon();
    }

    /** Final: the id is never used again. */
    public Outcome<Detail> decommission(Actor actor, DeviceId id) {
        return Soon.soon();
    }

    /** Durable when it returns; waits up to {@code wait} for the brokers to confirm. */
    public Outcome<Enforcement> revoke(Actor actor, DeviceId id, RevocationReason reason, Duration wait) {
        return Soon.soon();
    }

    /** Ends one certificate and the sessions made with it; the device is unchanged. */
    public Outcome<Enforcement> revokeCertificate(
            Actor actor, Fingerprint certificate, RevocationReason reason, Duration wait) {
        return Soon.soon();
    }
}

package io.gatehouse.admission;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.admission.feed.Entry.CertificateEntry;
import io.gatehouse.admission.feed.Entry.DeviceEntry;
import io.gatehouse.admission.feed.Entry.FleetEntry;
import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.FleetKind;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.FleetState;
import io.gatehouse.identity.RevocationReason;
import io.gatehouse.identity.policy.DefaultPolicies;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Entries for tests, short to write. */
public final class Directories {
    public static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
    public static final Instant NOW = Instant.parse("2026-02-01T00:00:00Z");
    public static final Instant TO = Instant.parse("2026-03-01T00:00:00Z");

    private Directories() {}

    public static Fingerprint sha256(String name) {
        return Fingerprint.sha256(name.getBytes(StandardCharsets.UTF_8));
    }

    public static FleetEntry fleet(String name) {
        return fleet(name, FleetState.ACTIVE, 1);
    }

    public static FleetEntry fleet(String name, FleetState state, int sessionsMax) {
        return new FleetEntry(
                FleetName.of(name), FleetKind.DEVICE, state, sessionsMax, DefaultPolicies.of(FleetKind.DEVICE));
    }

    public static DeviceEntry device(String id, String fleet) {
        return device(id, fleet, DeviceState.ACTIVE, 0);
    }

    public static DeviceEntry device(String id, String fleet, DeviceState state, int revocations) {
        return new DeviceEntry(DeviceId.of(id), FleetName.of(fleet), state, Map.of("site", "oslo"), revocations);
    }

    public static CertificateEntry certificate(String name, String device) {
        return certificate(name, device, CertificateState.VALID);
    }

    public static CertificateEntry certificate(String name, String device, CertificateState state) {
        var reason = state == CertificateState.REVOKED
                ? Optional.of(RevocationReason.KEY_COMPROMISE)
                : Optional.<RevocationReason>empty();
        return new CertificateEntry(sha256(name), DeviceId.of(device), state, reason, FROM, TO);
    }

    public static Entry.AuthorityEntry authority(String name) {
        return new Entry.AuthorityEntry(name, name.getBytes(StandardCharsets.UTF_8));
    }
}

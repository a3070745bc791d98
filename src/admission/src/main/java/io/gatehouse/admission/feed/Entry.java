package io.gatehouse.admission.feed;

import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.FleetKind;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.FleetState;
import io.gatehouse.identity.RevocationReason;
import io.gatehouse.identity.policy.Policy;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One thing of the directory as it stands now. An entry replaces what was there under the same key, so that applying it twice
 * changes nothing. Immutable.
 */
public sealed interface Entry extends FeedLine
        permits Entry.AuthorityEntry,
                Entry.AuthorityRemoved,
                Entry.FleetEntry,
                Entry.DeviceEntry,
                Entry.DeviceRemoved,
                Entry.CertificateEntry,
                Entry.CertificateRemoved {

    /** A devices CA whose certificates brokers let through the handshake; the array is not copied. */
    // equals, hashCode and toString below are about the array's content.
    @SuppressWarnings("ArrayRecordComponent")
    record AuthorityEntry(String name, byte[] der) implements Entry {
        @Override
        public boolean equals(Object o) {
            return o instanceof AuthorityEntry other && name.equals(other.name) && Arrays.equals(der, other.der);
        }

        @Override
        public int hashCode() {
            return Objects.hash(name, Arrays.hashCode(der));
        }

        @Override
        public String toString() {
            return "AuthorityEntry[" + name + ", " + der.length + " bytes]";
        }
    }

    /** Brokers let the certificates of this devices CA through the handshake no more; live connections stay. */
    record AuthorityRemoved(String name) implements Entry {}

    /** A fleet; {@code sessionsMax} is per device and broker, 1 or more. */
    record FleetEntry(FleetName name, FleetKind kind, FleetState state, int sessionsMax, Policy policy)
            implements Entry {
        public FleetEntry {
            if (sessionsMax < 1) {
                throw new IllegalArgumentException("sessionsMax must be 1 or more");
            }
        }
    }

    /**
     * A device. {@code revocations} counts how often it was revoked or decommissioned as a whole: when it rises, brokers throw the
     * device's sessions and queues away, also when they learn of it late and the device has a new certificate by then.
     */
    record DeviceEntry(DeviceId id, FleetName fleet, DeviceState state, Map<String, String> attributes, int revocations)
            implements Entry {
        public DeviceEntry {
            attributes = Map.copyOf(attributes);
            if (revocations < 0) {
                throw new IllegalArgumentException("revocations must not be negative");
            }
        }
    }

    /** The device is in the directory no more. */
    record DeviceRemoved(DeviceId id) implements Entry {}

    /** A certificate; times to the second. */
    record CertificateEntry(
            Fingerprint sha256,
            DeviceId device,
            CertificateState state,
            Optional<RevocationReason> reason,
            Instant notBefore,
            Instant notAfter)
            implements Entry {}

    /** The certificate is in the directory no more. */
    record CertificateRemoved(Fingerprint sha256) implements Entry {}
}

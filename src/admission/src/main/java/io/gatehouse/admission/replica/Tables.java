package io.gatehouse.admission.replica;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.admission.feed.Entry.AuthorityEntry;
import io.gatehouse.admission.feed.Entry.CertificateEntry;
import io.gatehouse.admission.feed.Entry.DeviceEntry;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.policy.CompiledPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One directory and where it stands in the feed. Not thread-safe: {@link Directory} guards it. */
final class Tables implements View {
    final DeviceTable devices = new DeviceTable();
    final CertificateTable certificates = new CertificateTable(devices);

    private final Map<FleetName, Fleet> fleets = new HashMap<>();
    private final Map<String, AuthorityEntry> authorities = new LinkedHashMap<>();
    private String epoch = "";
    private long revision;
    private final Freshness freshness;

    Tables() {
        this(new Freshness(System::nanoTime));
    }

    Tables(Freshness freshness) {
        this.freshness = freshness;
    }

    /** Says up to where the entries reach; a directory without it is not synchronised. */
    void reached(String newEpoch, long newRevision) {
        epoch = newEpoch;
        revision = newRevision;
    }

    Freshness freshness() {
        return freshness;
    }

    void put(Entry entry) {
        if (entry instanceof DeviceEntry device) {
            devices.put(device);
        } else if (entry instanceof CertificateEntry certificate) {
            certificates.put(certificate);
        } else if (entry instanceof Entry.FleetEntry fleet) {
            fleets.put(fleet.name(), new Fleet(fleet, CompiledPolicy.of(fleet.policy())));
        } else if (entry instanceof AuthorityEntry authority) {
            authorities.put(authority.name(), authority);
        } else if (entry instanceof Entry.AuthorityRemoved removed) {
            authorities.remove(removed.name());
        } else if (entry instanceof Entry.DeviceRemoved removed) {
            devices.remove(removed.id());
        } else if (entry instanceof Entry.CertificateRemoved removed) {
            certificates.remove(removed.sha256());
        }
    }

    /** Whether that entry says that the device was revoked or decommissioned since what stands here. */
    boolean isPurgedBy(DeviceEntry device) {
        var before = devices.get(device.id());
        int revocations = before.map(DeviceEntry::revocations).orElse(0);
        boolean wasDecommissioned =
                before.filter(b -> b.state() == DeviceState.DECOMMISSIONED).isPresent();
        return device.revocations() > revocations
                || (device.state() == DeviceState.DECOMMISSIONED && !wasDecommissioned);
    }

    @Override
    public boolean synchronised() {
        return !epoch.isEmpty();
    }

    @Override
    public String epoch() {
        return epoch;
    }

    @Override
    public long revision() {
        return revision;
    }

    @Override
    public Instant lastContact() {
        return freshness.heard();
    }

    @Override
    public Duration age(Instant now) {
        return freshness.age(now);
    }

    @Override
    public Optional<Fleet> fleet(FleetName name) {
        return Optional.ofNullable(fleets.get(name));
    }

    @Override
    public Optional<DeviceEntry> device(DeviceId id) {
        return devices.get(id);
    }

    @Override
    public Optional<CertificateEntry> certificate(Fingerprint sha256) {
        return certificates.get(sha256);
    }

    @Override
    public List<AuthorityEntry> authorities() {
        return List.copyOf(authorities.values());
    }

    List<Fleet> allFleets() {
        return List.copyOf(fleets.values());
    }

    @Override
    public int devices() {
        return devices.size();
    }

    @Override
    public int fleets() {
        return fleets.size();
    }

    @Override
    public int certificates() {
        return certificates.size();
    }
}

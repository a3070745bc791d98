package io.gatehouse.admission.replica;

import static io.gatehouse.admission.Directories.NOW;
import static io.gatehouse.admission.Directories.authority;
import static io.gatehouse.admission.Directories.certificate;
import static io.gatehouse.admission.Directories.device;
import static io.gatehouse.admission.Directories.fleet;
import static io.gatehouse.admission.Directories.sha256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.admission.feed.FeedLine.Change;
import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.FleetName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DirectoryTest {
    @Test
    void holds_what_a_map_would_hold_after_any_sequence_of_entries() {
        for (int seed = 0; seed < 20; seed++) {
            var random = new Random(seed);
            var directory = Loaded.directory(NOW);
            Map<DeviceId, Entry> devices = new HashMap<>();
            Map<Fingerprint, Entry> certificates = new HashMap<>();
            for (int revision = 2; revision < 1500; revision++) {
                Entry entry = any(random);
                directory.apply(new Change(revision, List.of(entry)));
                if (entry instanceof Entry.DeviceEntry device) {
                    devices.put(device.id(), device);
                } else if (entry instanceof Entry.DeviceRemoved removed) {
                    devices.remove(removed.id());
                } else if (entry instanceof Entry.CertificateEntry certificate) {
                    certificates.put(certificate.sha256(), certificate);
                } else if (entry instanceof Entry.CertificateRemoved removed) {
                    certificates.remove(removed.sha256());
                }
            }
            check(directory, devices, certificates, seed);
        }
    }

    private static void check(
            Directory directory, Map<DeviceId, Entry> devices, Map<Fingerprint, Entry> certificates, int seed) {
        directory.read(view -> {
            assertThat(view.devices()).as("seed %d", seed).isEqualTo(devices.size());
            assertThat(view.certificates()).as("seed %d", seed).isEqualTo(certificates.size());
            for (int i = 0; i < 300; i++) {
                var id = DeviceId.of("d-" + i);
                var sha256 = sha256("c-" + i);
                assertThat(view.device(id)).as("seed %d", seed).isEqualTo(Optional.ofNullable(devices.get(id)));
                assertThat(view.certificate(sha256))
                        .as("seed %d", seed)
                        .isEqualTo(Optional.ofNullable(certificates.get(sha256)));
            }
            return true;
        });
    }

    private static Entry any(Random random) {
        String id = "d-" + random.nextInt(300);
        String name = "c-" + random.nextInt(300);
        return switch (random.nextInt(4)) {
            case 0 -> device(id, "f-" + random.nextInt(3), DeviceState.values()[random.nextInt(5)], random.nextInt(3));
            case 1 -> new Entry.DeviceRemoved(DeviceId.of(id));
            case 2 -> certificate(name, id, CertificateState.values()[random.nextInt(4)]);
            default -> new Entry.CertificateRemoved(sha256(name));
        };
    }

    @Test
    void takes_only_the_next_revision() {
        var directory = Loaded.directory(NOW, fleet("f"));

        assertThatIllegalArgumentException().isThrownBy(() -> directory.apply(new Change(3, List.of())));
        assertThatIllegalArgumentException().isThrownBy(() -> directory.apply(new Change(1, List.of())));
        assertThatIllegalArgumentException().isThrownBy(() -> new Directory().apply(new Change(1, List.of())));
        directory.apply(new Change(2, List.of()));
        assertThat(directory.<Long>read(View::revision)).isEqualTo(2);
    }

    @Test
    void says_what_a_change_touched() {
        var directory = Loaded.directory(NOW, fleet("f"), device("d-1", "f"), certificate("c", "d-1"));

        var applied = directory.apply(
                new Change(2, List.of(device("d-1", "f"), certificate("c", "d-1"), fleet("f"), authority("devices"))));

        assertThat(applied.full()).isFalse();
        assertThat(applied.devices()).containsExactly(DeviceId.of("d-1"));
        assertThat(applied.certificates()).containsExactly(sha256("c"));
        assertThat(applied.fleets()).containsExactly(FleetName.of("f"));
        assertThat(applied.authorities()).isTrue();
        assertThat(applied.purged()).isEmpty();
    }

    @Test
    void an_authority_that_is_removed_is_named_no_more() {
        var directory = Loaded.directory(NOW, authority("devices"), authority("devices-2"));

        var applied = directory.apply(new Change(2, List.of(new Entry.AuthorityRemoved("devices"))));

        assertThat(applied.authorities()).isTrue();
        assertThat(directory.<List<Entry.AuthorityEntry>>read(View::authorities))
                .containsExactly(authority("devices-2"));
    }

    @Test
    void a_device_is_purged_when_it_was_revoked_as_a_whole_decommissioned_or_removed() {
        var directory = Loaded.directory(NOW, fleet("f"), device("a", "f"), device("b", "f"), device("c", "f"));

        var applied = directory.apply(new Change(
                2,
                List.of(
                        device("a", "f", DeviceState.ACTIVE, 1),
                        device("b", "f", DeviceState.DECOMMISSIONED, 0),
                        new Entry.DeviceRemoved(DeviceId.of("c")),
                        device("new", "f"))));
        var again = directory.apply(new Change(
                3,
                List.of(device("a", "f", DeviceState.SUSPENDED, 1), device("b", "f", DeviceState.DECOMMISSIONED, 0))));

        assertThat(applied.purged()).containsExactlyInAnyOrder(DeviceId.of("a"), DeviceId.of("b"), DeviceId.of("c"));
        assertThat(again.purged()).isEmpty();
    }

    @Test
    void a_snapshot_tells_whom_it_purges_by_what_was_there_before() {
        var directory = Loaded.directory(
                NOW, fleet("f"), device("same", "f", DeviceState.ACTIVE, 1), device("gone", "f"), device("r", "f"));

        var applied = directory.replace(Loaded.snapshot(
                        "e2",
                        1,
                        NOW,
                        List.of(
                                fleet("f"),
                                device("same", "f", DeviceState.ACTIVE, 1),
                                device("r", "f", DeviceState.ACTIVE, 1)))
                .tables());

        assertThat(applied.full()).isTrue();
        assertThat(applied.purged()).containsExactlyInAnyOrder(DeviceId.of("gone"), DeviceId.of("r"));
        assertThat(directory.<String>read(View::epoch)).isEqualTo("e2");
    }

    @Test
    void readers_see_all_of_a_revision_or_nothing() throws InterruptedException {
        var directory = Loaded.directory(NOW, fleet("f"));
        var stop = new AtomicBoolean();
        var looked = new AtomicInteger();
        var torn = new AtomicInteger();
        var readers = new ArrayList<Thread>();
        for (int i = 0; i < 4; i++) {
            readers.add(new Thread(() -> {
                while (!stop.get()) {
                    boolean whole = directory.read(view -> {
                        int present = 0;
                        for (int j = 0; j < 50; j++) {
                            present += view.device(DeviceId.of("d-" + j)).isPresent() ? 1 : 0;
                            present += view.certificate(sha256("c-" + j)).isPresent() ? 1 : 0;
                        }
                        return present == 0 || present == 100;
                    });
                    looked.incrementAndGet();
                    torn.addAndGet(whole ? 0 : 1);
                }
            }));
        }
        readers.forEach(Thread::start);
        long revision = 1;
        while (looked.get() < 2000) {
            var add = new ArrayList<Entry>();
            var remove = new ArrayList<Entry>();
            for (int j = 0; j < 50; j++) {
                add.add(device("d-" + j, "f"));
                add.add(certificate("c-" + j, "d-" + j));
                remove.add(new Entry.DeviceRemoved(DeviceId.of("d-" + j)));
                remove.add(new Entry.CertificateRemoved(sha256("c-" + j)));
            }
            directory.apply(new Change(++revision, add));
            directory.apply(new Change(++revision, remove));
        }
        stop.set(true);
        for (var reader : readers) {
            reader.join();
        }
        assertThat(torn).hasValue(0);
    }
}

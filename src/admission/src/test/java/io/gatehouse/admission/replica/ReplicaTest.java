package io.gatehouse.admission.replica;

import static io.gatehouse.admission.Directories.NOW;
import static io.gatehouse.admission.Directories.authority;
import static io.gatehouse.admission.Directories.certificate;
import static io.gatehouse.admission.Directories.device;
import static io.gatehouse.admission.Directories.fleet;
import static io.gatehouse.admission.Directories.sha256;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.admission.feed.FeedCodec;
import io.gatehouse.admission.feed.FeedLine.Change;
import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.MutableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicaTest {
    private static final List<Entry> ENTRIES = List.of(
            authority("devices"),
            fleet("f"),
            device("d-1", "f"),
            device("d-2", "f", DeviceState.SUSPENDED, 0),
            certificate("c-1", "d-1"),
            certificate("c-2", "d-2", CertificateState.HELD),
            certificate("orphan", "nobody"));
    private static final List<Change> CHANGES = List.of(
            new Change(6, List.of(certificate("c-3", "d-1"), certificate("c-1", "d-1", CertificateState.SUPERSEDED))),
            new Change(
                    7,
                    List.of(
                            device("d-1", "f", DeviceState.ACTIVE, 1),
                            certificate("c-1", "d-1", CertificateState.REVOKED),
                            certificate("c-3", "d-1", CertificateState.REVOKED))),
            new Change(8, List.of(new Entry.DeviceRemoved(DeviceId.of("d-2")), fleet("g"))));

    @TempDir
    Path folder;

    @TempDir
    Path copies;

    private final MutableClock clock = MutableClock.at(NOW.toString());
    private final AtomicReference<Position> durable = new AtomicReference<>(new Position("", 0));

    @Test
    void is_empty_and_content_when_nothing_is_on_disk() {
        try (var replica = open(folder)) {
            assertThat(replica.position()).isEmpty();
            assertThat(replica.found()).isEmpty();
            assertThat(replica.problem()).isEmpty();
        }
    }

    @Test
    void what_was_reported_durable_is_there_after_a_restart() {
        try (var replica = open(folder)) {
            replica.replace(Loaded.snapshot("e", 5, NOW, ENTRIES));
            awaitDurable(5);
            for (Change change : CHANGES) {
                replica.apply(change, FeedCodec.write(change));
                awaitDurable(change.revision());
                assertThat(State.of(reopened(folder))).isEqualTo(State.of(replica.directory()));
            }
        }
    }

    @Test
    void remembers_the_last_contact() {
        try (var replica = open(folder)) {
            replica.replace(Loaded.snapshot("e", 5, NOW, ENTRIES));
            clock.advance(Duration.ofMinutes(10));
            replica.contact();
        }
        var read = reopened(folder);
        assertThat(read.read(View::lastContact)).isEqualTo(NOW.plus(Duration.ofMinutes(10)));
    }

    @Test
    void names_whom_to_purge_until_somebody_says_that_it_is_done() {
        var revoked = DeviceId.of("d-1");
        try (var replica = open(folder)) {
            replica.replace(Loaded.snapshot("e", 5, NOW, ENTRIES));
            CHANGES.forEach(change -> replica.apply(change, FeedCodec.write(change)));
            replica.purged(DeviceId.of("d-2"), 8);
            replica.purged(revoked, 6);
        }
        try (var replica = open(folder)) {
            assertThat(replica.found().orElseThrow().purged()).containsExactly(revoked);
            assertThat(replica.found().orElseThrow().full()).isTrue();
            // Also when a whole directory comes before it is done.
            var again = replica.replace(
                    Loaded.snapshot("e", 20, NOW, List.of(fleet("f"), device("d-1", "f", DeviceState.ACTIVE, 1))));
            assertThat(again.purged()).containsExactly(revoked);
            awaitDurable(20);
        }
        try (var replica = open(folder)) {
            assertThat(replica.found().orElseThrow().purged()).containsExactly(revoked);
            replica.purged(revoked, 20);
        }
        try (var replica = open(folder)) {
            assertThat(replica.found().orElseThrow().purged()).isEmpty();
        }
    }

    @Test
    void a_replica_damaged_at_any_byte_is_not_used() throws IOException {
        write();
        for (String name : List.of("replica", journal())) {
            byte[] good = Files.readAllBytes(folder.resolve(name));
            for (int i = 0; i < good.length; i++) {
                byte[] bad = good.clone();
                bad[i] ^= (byte) (1 << (i % 8));
                Files.write(folder.resolve(name), bad);
                var found = new ReplicaStore(folder).open();
                assertThat(found.tables()).as("%s damaged at %d", name, i).isEmpty();
                assertThat(found.problem()).as("%s damaged at %d", name, i).isPresent();
            }
            Files.write(folder.resolve(name), good);
        }
        assertThat(reopened(folder).<Long>read(View::revision)).isEqualTo(8);
    }

    @Test
    void a_replica_cut_at_any_byte_is_not_used() throws IOException {
        write();
        byte[] good = Files.readAllBytes(folder.resolve("replica"));
        for (int end = 0; end < good.length; end++) {
            Files.write(folder.resolve("replica"), Arrays.copyOf(good, end));
            assertThat(new ReplicaStore(folder).open().tables())
                    .as("cut at %d", end)
                    .isEmpty();
        }
    }

    @Test
    void a_stop_within_a_write_of_the_journal_leaves_the_revision_before() throws IOException {
        write();
        Path journal = folder.resolve(journal());
        byte[] good = Files.readAllBytes(journal);
        int header = "GATEHOUSE JOURNAL 2\n".length() + 8 + 32;
        long before = 5;
        for (int end = header; end <= good.length; end++) {
            for (boolean zeros : new boolean[] {false, true}) {
                // A file system may have made the file longer before the stop.
                byte[] cut = Arrays.copyOf(good, end);
                Files.write(journal, zeros ? Arrays.copyOf(cut, end + 12) : cut);
                var found = new ReplicaStore(folder).open();
                if (found.tables().isEmpty()) {
                    assertThat(zeros).as("cut at %d", end).isTrue();
                    continue;
                }
                long revision = found.tables().get().revision();
                assertThat(revision).as("cut at %d", end).isBetween(before, 8L);
                before = zeros ? before : revision;
            }
        }
        assertThat(before).isEqualTo(8);
    }

    @Test
    void goes_on_after_a_record_that_was_cut_off() throws IOException {
        write();
        Path journal = folder.resolve(journal());
        byte[] good = Files.readAllBytes(journal);
        Files.write(journal, Arrays.copyOf(good, good.length - 5));
        try (var replica = open(folder)) {
            assertThat(replica.position()).contains(new Position("e", 7));
            replica.apply(CHANGES.get(2), FeedCodec.write(CHANGES.get(2)));
            awaitDurable(8);
        }
        assertThat(reopened(folder).<Long>read(View::revision)).isEqualTo(8);
    }

    @Test
    void a_missing_journal_is_a_damaged_replica() throws IOException {
        write();
        Files.delete(folder.resolve(journal()));
        try (var replica = open(folder)) {
            assertThat(replica.position()).isEmpty();
            assertThat(replica.problem()).isPresent();
            replica.replace(Loaded.snapshot("e", 9, NOW, ENTRIES));
            awaitDurable(9);
            assertThat(replica.problem()).isEmpty();
        }
        assertThat(reopened(folder).<Long>read(View::revision)).isEqualTo(9);
    }

    @Test
    void a_smaller_revision_of_a_new_epoch_takes_the_old_ones_place() {
        try (var replica = open(folder)) {
            replica.replace(Loaded.snapshot("old", 100, NOW, ENTRIES));
            var change = new Change(101, List.of(fleet("g")));
            replica.apply(change, FeedCodec.write(change));
            replica.replace(Loaded.snapshot("new", 1, NOW, List.of(fleet("only"))));
            var next = new Change(2, List.of(fleet("more")));
            replica.apply(next, FeedCodec.write(next));
            Await.until("durable", Duration.ofSeconds(20), () -> durable.get().equals(new Position("new", 2)));
        }
        var read = reopened(folder);
        assertThat(read.<String>read(View::epoch)).isEqualTo("new");
        assertThat(read.<Integer>read(View::fleets)).isEqualTo(2);
    }

    @Test
    void begins_a_new_file_when_the_journal_has_grown() throws IOException {
        try (var replica = open(folder)) {
            replica.replace(Loaded.snapshot("e", 1, NOW, ENTRIES));
            awaitDurable(1);
            String first = journal();
            for (int i = 2; i < 60; i++) {
                var entries = new java.util.ArrayList<Entry>();
                for (int j = 0; j < 1000; j++) {
                    entries.add(certificate("c-" + i + "-" + j, "d-1"));
                }
                var change = new Change(i, entries);
                replica.apply(change, FeedCodec.write(change));
            }
            Await.until("rewritten", Duration.ofSeconds(60), () -> !Files.exists(folder.resolve(first)));
            assertThat(State.of(reopened(folder))).isEqualTo(State.of(replica.directory()));
            assertThat(durable.get().revision()).isEqualTo(59);
        }
    }

    @Test
    void a_disk_that_fails_is_told_and_nothing_is_called_durable() throws IOException {
        try (var replica = open(folder)) {
            replica.replace(Loaded.snapshot("e", 5, NOW, ENTRIES));
            awaitDurable(5);
            // What stands where the new file has to go makes the rewrite fail.
            Files.createDirectories(folder.resolve("replica.new/in-the-way"));
            replica.replace(Loaded.snapshot("e", 6, NOW, ENTRIES));
            Await.until(
                    "problem", Duration.ofSeconds(20), () -> replica.problem().isPresent());
            replica.apply(new Change(7, List.of(fleet("g"))), FeedCodec.write(new Change(7, List.of(fleet("g")))));
            assertThat(replica.directory().<Long>read(View::revision)).isEqualTo(7);
            assertThat(durable.get().revision()).isEqualTo(5);
            Files.delete(folder.resolve("replica.new/in-the-way"));
            Files.delete(folder.resolve("replica.new"));
            awaitDurable(7);
            assertThat(replica.problem()).isEmpty();
        }
        assertThat(reopened(folder).<Long>read(View::revision)).isEqualTo(7);
    }

    private Replica open(Path where) {
        return Replica.open(where, clock, durable::set);
    }

    private void awaitDurable(long revision) {
        Await.until("durable", Duration.ofSeconds(20), () -> durable.get().revision() == revision);
    }

    private void write() {
        try (var replica = open(folder)) {
            replica.replace(Loaded.snapshot("e", 5, NOW, ENTRIES));
            awaitDurable(5);
            CHANGES.forEach(change -> replica.apply(change, FeedCodec.write(change)));
            awaitDurable(8);
        }
    }

    private String journal() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("journal-"))
                    .findAny()
                    .orElseThrow();
        }
    }

    /** What a start would find now, without disturbing who writes there. */
    private Directory reopened(Path folder) {
        try {
            Path copy = Files.createTempDirectory(copies, "replica");
            try (var files = Files.list(folder)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.copy(file, copy.resolve(file.getFileName().toString()));
                }
            }
            var found = new ReplicaStore(copy).open();
            assertThat(found.problem()).isEmpty();
            var directory = new Directory();
            found.tables().ifPresent(directory::replace);
            return directory;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** All that two directories have to agree in. */
    private record State(String epoch, long revision, List<Optional<?>> things, int devices, int certificates) {
        static State of(Directory directory) {
            return directory.read(view -> new State(
                    view.epoch(),
                    view.revision(),
                    List.of(
                            view.device(DeviceId.of("d-1")),
                            view.device(DeviceId.of("d-2")),
                            view.certificate(sha256("c-1")),
                            view.certificate(sha256("c-2")),
                            view.certificate(sha256("c-3")),
                            view.certificate(sha256("orphan")),
                            view.fleet(fleet("f").name()).map(Fleet::entry),
                            view.fleet(fleet("g").name()).map(Fleet::entry),
                            view.authorities().stream().findFirst()),
                    view.devices(),
                    view.certificates()));
        }
    }
}

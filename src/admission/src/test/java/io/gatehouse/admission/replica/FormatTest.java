package io.gatehouse.admission.replica;

import static io.gatehouse.admission.Directories.NOW;
import static io.gatehouse.admission.Directories.certificate;
import static io.gatehouse.admission.Directories.device;
import static io.gatehouse.admission.Directories.fleet;
import static io.gatehouse.admission.Directories.sha256;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.admission.feed.Entry.AuthorityEntry;
import io.gatehouse.admission.feed.Entry.CertificateEntry;
import io.gatehouse.admission.feed.Entry.DeviceEntry;
import io.gatehouse.admission.feed.FeedCodec;
import io.gatehouse.admission.feed.FeedLine.Change;
import io.gatehouse.admission.feed.FeedLine.SnapshotBegin;
import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.identity.FleetState;
import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.MutableClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What earlier and later versions wrote; {@code version-1} was written by the code of its time. */
class FormatTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private final MutableClock clock = MutableClock.at(NOW.toString());
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicReference<Position> durable = new AtomicReference<>(new Position("", 0));

    @Test
    void reads_a_replica_of_version_1_and_goes_on_in_its_own() throws IOException {
        for (var name : List.of("replica", "journal-2")) {
            try (var file = FormatTest.class.getResourceAsStream("version-1/" + name)) {
                Files.copy(file, folder.resolve(name));
            }
        }
        try (var replica = open()) {
            assertVersion1(replica);
            var change = new Change(9, List.of(fleet("new")));
            replica.apply(change, FeedCodec.write(change));
            awaitDurable(9);
        }
        assertThat(firstLine("replica")).isEqualTo("GATEHOUSE REPLICA 2");
        try (var replica = open()) {
            assertThat(replica.position()).contains(new Position("6f2c", 9));
            assertThat(replica.directory()
                            .<Boolean>read(
                                    view -> view.device(DeviceId.of("d-3")).isPresent()))
                    .isTrue();
            assertThat(replica.found().orElseThrow().purged())
                    .containsExactlyInAnyOrder(DeviceId.of("d-1"), DeviceId.of("d-3"));
        }
    }

    private static void assertVersion1(Replica replica) {
        assertThat(replica.problem()).isEmpty();
        assertThat(replica.position()).contains(new Position("6f2c", 8));
        assertThat(replica.found().orElseThrow().purged())
                .containsExactlyInAnyOrder(DeviceId.of("d-1"), DeviceId.of("d-3"));
        replica.directory().read(view -> {
            assertThat(view.lastContact()).isEqualTo(NOW);
            assertThat(view.authorities()).extracting(AuthorityEntry::name).containsExactly("devices");
            assertThat(view.fleet(fleet("g").name()).orElseThrow().entry())
                    .isEqualTo(fleet("g", FleetState.SUSPENDED, 3));
            assertThat(view.devices()).isEqualTo(4);
            assertThat(view.device(DeviceId.of("d-1"))).contains(device("d-1", "f", DeviceState.ACTIVE, 1));
            assertThat(view.device(DeviceId.of("d-3"))).contains(device("d-3", "g", DeviceState.DECOMMISSIONED, 2));
            assertThat(view.device(DeviceId.of("d-5")).map(DeviceEntry::state)).contains(DeviceState.REJECTED);
            assertThat(view.certificates()).isEqualTo(5);
            assertThat(view.certificate(sha256("c-1"))).contains(certificate("c-1", "d-1", CertificateState.REVOKED));
            assertThat(view.certificate(sha256("c-2")).map(CertificateEntry::state))
                    .contains(CertificateState.HELD);
            assertThat(view.certificate(sha256("c-4")).map(CertificateEntry::state))
                    .contains(CertificateState.SUPERSEDED);
            assertThat(view.certificate(sha256("orphan"))).isEmpty();
            return true;
        });
    }

    @Test
    void a_later_version_is_said_and_kept_and_the_directory_fetched_again() throws IOException {
        var later = "GATEHOUSE REPLICA 9\nwhat nobody knows yet, and no checksum of today"
                .getBytes(StandardCharsets.US_ASCII);
        Files.write(folder.resolve("replica"), later);
        Files.writeString(folder.resolve("journal-7"), "of that");
        try (var replica = open()) {
            assertThat(replica.position()).isEmpty();
            assertThat(replica.problem().orElseThrow()).contains("version 9").contains("is kept");
            assertThat(folder.resolve("replica")).hasBinaryContent(later);
            replica.replace(Loaded.snapshot("e", 5, NOW, List.of(fleet("f"))));
            awaitDurable(5);
            assertThat(replica.problem()).isEmpty();
        }
        assertThat(folder.resolve("version-9/replica")).hasBinaryContent(later);
        assertThat(folder.resolve("version-9/journal-7")).hasContent("of that");
        try (var replica = open()) {
            assertThat(replica.position()).contains(new Position("e", 5));
        }
    }

    @Test
    void a_restart_with_the_clock_turned_back_makes_no_directory_fresher() throws IOException {
        try (var replica = open()) {
            var begin = new SnapshotBegin(1, "e", 5, NOW);
            replica.replace(new Snapshot(begin, NOW, Duration.ZERO, new Tables(new Freshness(nanos::get))));
            awaitDurable(5);
            replica.alone();
            nanos.addAndGet(Duration.ofHours(20).toNanos());
            replica.alone();
        }
        clock.advance(Duration.ofMinutes(-5));
        try (var replica = open()) {
            assertThat(replica.directory().<Duration>read(view -> view.age(clock.instant())))
                    .isEqualTo(Duration.ofHours(20));
            // what a rewrite keeps is the same
            var change = new Change(6, List.of(fleet("g")));
            replica.apply(change, FeedCodec.write(change));
            awaitDurable(6);
        }
    }

    private Replica open() {
        return Replica.open(folder, clock, nanos::get, durable::set);
    }

    private void awaitDurable(long revision) {
        Await.until("durable", LIMIT, () -> durable.get().revision() == revision);
    }

    private String firstLine(String name) throws IOException {
        return Files.readString(folder.resolve(name), StandardCharsets.ISO_8859_1)
                .lines()
                .findFirst()
                .orElseThrow();
    }
}

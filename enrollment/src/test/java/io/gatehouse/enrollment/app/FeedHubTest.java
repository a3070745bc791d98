package io.gatehouse.enrollment.app;

import static io.gatehouse.enrollment.app.House.ADMIN;
import static io.gatehouse.enrollment.app.House.B1;
import static io.gatehouse.enrollment.app.House.FLEET;
import static io.gatehouse.enrollment.app.House.SOON;
import static io.gatehouse.enrollment.app.House.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.admission.feed.FeedLine;
import io.gatehouse.enrollment.app.port.View.ChangeLine;
import io.gatehouse.enrollment.app.port.View.Position;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeedHubTest {
    @TempDir
    Path temp;

    private House house;

    @BeforeEach
    void open() {
        house = new House(temp.resolve("gatehouse.db")).withFleet();
        done(house.brokers.enroll(ADMIN, B1));
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void a_snapshot_is_whole_and_says_where_it_stands() {
        new Rotation(house.registry, house.issuer, house.presence, house.clock).start();
        house.gadget("pump-1").enrolled();
        var lines = new ArrayList<FeedLine>();
        house.hub.snapshot(B1, bytes -> lines.add(House.line(bytes)));

        var begin = (FeedLine.SnapshotBegin) lines.get(0);
        var end = (FeedLine.SnapshotEnd) lines.get(lines.size() - 1);
        assertThat(begin.revision()).isEqualTo(house.revision()).isEqualTo(end.revision());
        assertThat(begin.epoch()).isEqualTo(house.epoch());
        assertThat(end.entries()).isEqualTo(lines.size() - 2);
        assertThat(lines.subList(1, lines.size() - 1))
                .hasExactlyElementsOfTypes(
                        Entry.AuthorityEntry.class,
                        Entry.FleetEntry.class,
                        Entry.DeviceEntry.class,
                        Entry.CertificateEntry.class);
    }

    @Test
    void a_stream_gives_what_was_missed_and_then_what_comes() throws Exception {
        long before = house.revision();
        house.gadget("pump-1").enrolled();
        try (var stream = stream(before).orElseThrow()) {
            assertThat(revisions(stream.next(SOON))).containsExactly(before + 1);
            var next = CompletableFuture.supplyAsync(() -> {
                try {
                    return stream.next(SOON);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            done(house.fleets.suspend(ADMIN, FLEET));
            assertThat(revisions(next.join())).containsExactly(before + 2);
        }
    }

    @Test
    void after_a_restart_a_broker_goes_on_where_it_stood() throws Exception {
        long before = house.revision();
        house.gadget("pump-1").enrolled();
        house.close();
        house = new House(temp.resolve("gatehouse.db"));
        try (var stream = stream(before).orElseThrow()) {
            assertThat(revisions(stream.next(SOON))).containsExactly(before + 1);
            done(house.fleets.suspend(ADMIN, FLEET));
            assertThat(revisions(stream.next(SOON))).containsExactly(before + 2);
        }
    }

    @Test
    void a_reader_that_fails_in_the_middle_of_a_snapshot_harms_no_other() {
        assertThatThrownBy(() -> house.hub.snapshot(B1, line -> {
                    throw new IllegalStateException("gone");
                }))
                .hasMessage("gone");
        for (int i = 0; i < 20; i++) {
            var lines = new ArrayList<byte[]>();
            house.hub.snapshot(B1, lines::add);
            assertThat(lines).hasSizeGreaterThan(2);
        }
        done(house.fleets.suspend(ADMIN, FLEET));
    }

    @Test
    void an_idle_stream_answers_nothing_in_time_and_stays_open() throws Exception {
        try (var stream = stream(house.revision()).orElseThrow()) {
            assertThat(stream.next(Duration.ofMillis(10))).isEmpty();
            assertThat(stream.isOpen()).isTrue();
            assertThat(house.presence.of(B1).orElseThrow().connected()).isTrue();
        }
        assertThat(house.presence.of(B1).orElseThrow().connected()).isFalse();
    }

    @Test
    void a_closed_stream_wakes_its_reader() throws Exception {
        var stream = stream(house.revision()).orElseThrow();
        var waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return stream.next(Duration.ofMinutes(5));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        stream.close();

        assertThat(waiting.get(20, java.util.concurrent.TimeUnit.SECONDS)).isEmpty();
        assertThat(stream.isOpen()).isFalse();
    }

    @Test
    void a_position_that_is_not_ours_needs_a_snapshot() {
        assertThat(house.hub.open(B1, Optional.empty())).isEmpty();
        assertThat(house.hub.open(B1, Optional.of(new Position("other", 1)))).isEmpty();
        assertThat(stream(house.revision() + 1)).isEmpty();
        assertThat(stream(-1)).isEmpty();
    }

    @Test
    void what_brokers_see_changes_the_directory_and_nothing_else_does() {
        var pump = house.gadget("pump-1").enrolled();
        long before = house.revision();
        pump.claim();
        done(house.describe.describe(List.of(pump.certificate)));

        assertThat(house.revision()).isEqualTo(before);
    }

    @Test
    void announcing_the_same_authority_again_changes_nothing() {
        var rotation = new Rotation(house.registry, house.issuer, house.presence, house.clock);
        rotation.start();
        long before = house.revision();
        rotation.start();

        assertThat(house.revision()).isEqualTo(before);
        assertThat(house.audit.verify().holds()).isTrue();
    }

    private Optional<FeedHub.Stream> stream(long after) {
        return house.hub.open(B1, Optional.of(new Position(house.epoch(), after)));
    }

    private static List<Long> revisions(List<ChangeLine> lines) {
        return lines.stream().map(ChangeLine::revision).toList();
    }

    @Test
    void a_broker_that_is_removed_loses_its_stream_at_once_and_its_certificate_opens_nothing() throws Exception {
        house.broker(House.B1);
        var certificate = House.done(house.brokers.certificate(
                House.B1,
                Brokers.Use.FEED,
                io.gatehouse.x509.Pkcs10Request.create(io.gatehouse.testkit.Keys.p256(), "b1")));
        var position = house.registry.read(view -> view.position());
        try (var stream =
                house.hub.open(House.B1, java.util.Optional.of(position)).orElseThrow()) {
            House.done(house.brokers.remove(House.ADMIN, House.B1));
            house.hub.cut(House.B1);
            assertThat(stream.isOpen()).isFalse();
        }
        assertThat(House.reason(house.brokers.identify(java.util.List.of(certificate))))
                .isEqualTo(io.gatehouse.identity.RefusalReason.UNKNOWN_CERTIFICATE);
        assertThat(House.reason(house.brokers.remove(House.ADMIN, House.B1)))
                .isEqualTo(io.gatehouse.identity.RefusalReason.NOT_FOUND);
    }
}

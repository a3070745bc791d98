package io.gatehouse.admission.client;

import static io.gatehouse.admission.Directories.certificate;
import static io.gatehouse.admission.Directories.device;
import static io.gatehouse.admission.Directories.fleet;
import static io.gatehouse.admission.Directories.sha256;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.admission.replica.Applied;
import io.gatehouse.admission.replica.View;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.TestAuthority;
import io.gatehouse.x509.TrustDomain;
import io.gatehouse.x509.tls.ServerRole;
import io.gatehouse.x509.tls.ServiceTrust;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeedTest {
    /** More bytes than the answers in which the cuts are made. */
    private static final int LONGEST = 420;

    /** Every byte in the long run; else some, which hits other bytes of head, chunk sizes and lines alike. */
    private static final int STEP = Boolean.getBoolean("gatehouse.long") ? 1 : 5;

    @TempDir
    Path folder;

    private FakeService service;

    @BeforeEach
    void start() throws Exception {
        service = new FakeService();
        service.directory("e", 7, fleet("f"), device("d-1", "f"), certificate("c", "d-1"));
    }

    @AfterEach
    void stop() throws Exception {
        service.close();
    }

    @Test
    void takes_a_snapshot_and_then_every_change_as_it_comes() {
        try (var link = new TestLink(service, folder).start()) {
            link.await("e", 7);
            long revision = service.change(device("d-1", "f", DeviceState.ACTIVE, 1));
            link.await("e", revision);

            assertThat(link.heard).hasSize(2);
            assertThat(link.heard.get(0).full()).isTrue();
            assertThat(link.heard.get(1).purged()).containsExactly(DeviceId.of("d-1"));
            assertThat(service.targets)
                    .containsExactly("/admission/v1/feed?version=1", "/admission/v1/feed?version=1&epoch=e&after=7");
            assertThat(link.link.state().problem()).isEmpty();
            assertThat(link.link.state().connected()).isTrue();
        }
    }

    @Test
    void a_change_reaches_the_listener_in_the_moment_it_is_sent() {
        try (var link = new TestLink(service, folder).start()) {
            link.await("e", 7);
            Await.until("connected", TestLink.LIMIT, () -> link.link.state().connected());
            var nanos = new ArrayList<Long>();
            for (int i = 0; i < 60; i++) {
                int heard = link.heard.size();
                long sent = System.nanoTime();
                service.change(device("d-" + i, "f"));
                while (link.heard.size() == heard) {
                    Thread.onSpinWait();
                }
                nanos.add(System.nanoTime() - sent);
            }
            nanos.sort(null);
            // Far below the heartbeat: a line that waited for the next would take half a second.
            assertThat(nanos.get(nanos.size() / 2)).isLessThan(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    @Test
    void a_feed_cut_at_any_byte_loses_and_repeats_nothing() throws Exception {
        try (var link = new TestLink(service, folder).start()) {
            link.await("e", 7);
            long revision = 7;
            for (int cut = 1; cut < LONGEST; cut += STEP) {
                service.cutAfter = cut;
                service.cut();
                service.change(device("x-" + cut, "f"));
                revision = service.change(new Entry.DeviceRemoved(DeviceId.of("x-" + (cut - STEP))));
                link.await("e", revision);
            }
            long last = revision;
            // The same revisions, once each and in order, and from the one snapshot at the start.
            assertThat(link.heard.stream().map(Applied::revision)).isSorted().doesNotHaveDuplicates();
            assertThat(link.heard).hasSize((int) last - 6);
            assertThat(service.snapshots).hasValue(1);
            link.link.directory().read(view -> {
                assertThat(view.devices()).isEqualTo(2);
                return true;
            });
        }
    }

    @Test
    void a_snapshot_cut_at_any_byte_is_taken_whole_or_not_at_all() throws Exception {
        try (var link = new TestLink(service, folder).start()) {
            link.await("e", 7);
            for (int cut = 1; cut < LONGEST; cut += STEP) {
                service.cutAfter = cut;
                service.directory("e" + cut, cut, fleet("f"), device("d-" + cut, "f"), certificate("c", "d-" + cut));
                link.await("e" + cut, cut);
                int now = cut;
                link.link.directory().read(view -> {
                    assertThat(view.devices()).isEqualTo(1);
                    assertThat(view.device(DeviceId.of("d-" + now))).isPresent();
                    assertThat(view.certificate(sha256("c")).orElseThrow().device())
                            .isEqualTo(DeviceId.of("d-" + now));
                    return true;
                });
            }
        }
    }

    @Test
    void asks_for_a_snapshot_when_it_does_not_understand_a_change() {
        try (var link = new TestLink(service, folder).start()) {
            link.await("e", 7);
            service.line("{'kind':'change','revision':8,'entries':[{'kind':'tenant'}]}");
            Await.until("a second request without position", TestLink.LIMIT, () -> service.snapshots.get() >= 2);
            service.directory("e", 9, fleet("f"), device("new", "f"));
            link.await("e", 9);
        }
    }

    @Test
    void asks_for_a_snapshot_when_revisions_have_a_hole_or_come_twice() {
        for (String revision : List.of("9", "7")) {
            service.directory("e" + revision, 7, fleet("f"));
            try (var link = new TestLink(service, folder.resolve(revision)).start()) {
                link.await("e" + revision, 7);
                int before = service.snapshots.get();
                service.line("{'kind':'change','revision':" + revision + ",'entries':[]}");
                Await.until("a snapshot", TestLink.LIMIT, () -> service.snapshots.get() > before);
                service.directory("e" + revision, 12, fleet("f"));
                link.await("e" + revision, 12);
            }
        }
    }

    @Test
    void asks_for_a_snapshot_after_a_line_that_cannot_be_read_and_goes_on_in_the_old_directory_meanwhile() {
        try (var link = new TestLink(service, folder).start()) {
            link.await("e", 7);
            service.line("{'kind':'change','revision'");
            Await.until("a snapshot", TestLink.LIMIT, () -> service.snapshots.get() >= 2);
            assertThat(link.revision()).isEqualTo(7);
            assertThat(link.link
                            .directory()
                            .<Boolean>read(view -> view.certificate(sha256("c")).isPresent()))
                    .isTrue();
        }
    }

    @Test
    void a_service_that_went_back_within_its_epoch_is_not_believed() throws Exception {
        try (var link = new TestLink(service, folder).start()) {
            link.await("e", 7);
            service.directory("e", 3, fleet("f"));
            Await.until(
                    "the problem",
                    TestLink.LIMIT,
                    () -> link.link
                            .state()
                            .problem()
                            .filter(problem -> problem.contains("a restore must begin a new epoch"))
                            .isPresent());
            assertThat(link.revision()).isEqualTo(7);

            service.directory("e2", 3, fleet("f"));
            link.await("e2", 3);
        }
    }

    @Test
    void reconnects_when_three_heartbeats_are_missing() {
        try (var link = new TestLink(service, folder).start()) {
            link.await("e", 7);
            Await.until("connected", TestLink.LIMIT, () -> link.link.state().connected());
            int before;
            synchronized (service.targets) {
                before = service.targets.size();
            }
            service.heartbeats = false;
            Await.until("another request", TestLink.LIMIT, () -> {
                synchronized (service.targets) {
                    return service.targets.size() > before;
                }
            });
        }
    }

    @Test
    void serves_from_disk_without_the_service_and_goes_on_from_there() throws Exception {
        try (var link = new TestLink(service, folder).start()) {
            link.await("e", 7);
            long revision = service.change(device("d-2", "f"));
            link.await("e", revision);
            Await.until(
                    "acknowledged",
                    TestLink.LIMIT,
                    () -> service.reports.stream().anyMatch(report -> report.revision() == revision));
        }
        service.feedStatus = 503;
        try (var link = new TestLink(service, folder)) {
            assertThat(link.revision()).isEqualTo(8);
            assertThat(link.link
                            .directory()
                            .<Boolean>read(
                                    view -> view.device(DeviceId.of("d-2")).isPresent()))
                    .isTrue();
            link.start();
            Await.until("told", TestLink.LIMIT, () -> link.heard.size() == 1);
            assertThat(link.heard.get(0).full()).isTrue();
            Await.until(
                    "problem", TestLink.LIMIT, () -> link.link.state().problem().isPresent());

            service.feedStatus = 200;
            long revision = service.change(device("d-3", "f"));
            link.await("e", revision);
            assertThat(service.snapshots).hasValue(1);
        }
    }

    @Test
    void says_the_word_with_which_the_service_refuses() {
        service.feedStatus = 403;
        try (var link = new TestLink(service, folder).start()) {
            Await.until(
                    "the word",
                    TestLink.LIMIT,
                    () -> link.link
                            .state()
                            .problem()
                            .filter(problem -> problem.contains("403 not-allowed"))
                            .isPresent());
            assertThat(link.link.directory().<Boolean>read(View::synchronised)).isFalse();
        }
    }

    @Test
    void believes_nobody_but_the_enrollment_service() {
        var role = ServerRole.enrollmentService(TrustDomain.of("elsewhere.example"));
        var trust = ServiceTrust.of(List.of(FakeService.ROOT.certificate()), role, InstantSource.system());
        var stranger = ServiceTrust.of(
                List.of(TestAuthority.root().certificate()),
                ServerRole.enrollmentService(TrustDomain.of("gatehouse.internal")),
                InstantSource.system());
        for (var wrong : List.of(trust, stranger)) {
            try (var link = new TestLink(service, folder, wrong.sslContext()).start()) {
                Await.until(
                        "the problem",
                        TestLink.LIMIT,
                        () -> link.link
                                .state()
                                .problem()
                                .filter(problem -> problem.contains("no trusted connection"))
                                .isPresent());
                assertThat(link.link.directory().<Boolean>read(View::synchronised))
                        .isFalse();
            }
        }
        assertThat(service.targets).isEmpty();
    }

    @Test
    void a_listener_that_fails_does_not_stop_the_feed_and_is_not_acknowledged() {
        try (var link = new TestLink(service, folder)) {
            link.enforcer = applied -> {
                throw new IllegalStateException("bug");
            };
            link.start();
            link.await("e", 7);
            long revision = service.change(device("d-2", "f"));
            link.await("e", revision);
            link.enforcer = applied -> link.reports().enforced(applied.revision(), 0);
            link.await("e", service.change(device("d-3", "f")));
            link.reports().admitted(sha256("c"));
            Await.until(
                    "a report",
                    TestLink.LIMIT,
                    () -> service.reports.stream()
                            .anyMatch(report -> !report.admitted().isEmpty()));
            assertThat(service.reports).allMatch(report -> report.revision() == 0);
        }
    }

    @Test
    void the_contact_is_as_fresh_as_the_last_heartbeat() {
        try (var link = new TestLink(service, folder).start()) {
            link.await("e", 7);
            Instant then = Instant.now();
            Await.until(
                    "a heartbeat",
                    TestLink.LIMIT,
                    () -> link.link.directory().<Instant>read(View::lastContact).isAfter(then));
        }
    }

    @Test
    void tells_a_restored_service_what_it_knows_before_it_takes_the_older_directory() throws Exception {
        var revoked = device("d-2", "f", DeviceState.ACTIVE, 3);
        try (var link = new TestLink(service, folder).start()) {
            link.await("e", 7);
            link.await("e", service.change(revoked, certificate("c2", "d-2")));
            service.wanted = "e";
            service.directory("restored", 5, fleet("f"), device("d-1", "f"));
            service.cut();
            link.await("restored", 5);
            assertThat(service.witnessed)
                    .contains(
                            fleet("f"), device("d-1", "f"), certificate("c", "d-1"), revoked, certificate("c2", "d-2"))
                    .hasSize(5);
            assertThat(service.testimonies).containsExactly("/admission/v1/witness?epoch=e&revision=8&begin=1&total=5");
        }
    }

    @Test
    void begins_anew_when_what_it_told_broke_off_or_did_not_add_up() throws Exception {
        // so many that they make more parts than one
        var many = IntStream.range(0, 3_300)
                .mapToObj(i -> certificate("many-" + i, "d-1"))
                .toArray(Entry[]::new);
        try (var link = new TestLink(service, folder).start()) {
            link.await("e", 7);
            link.await("e", service.change(many));
            service.witnessStatuses.addAll(List.of(204, 503, 204, 204, 400));
            service.wanted = "e";
            service.directory("restored", 5, fleet("f"), device("d-1", "f"));
            service.cut();
            link.await("restored", 5);
            String target = "/admission/v1/witness?epoch=e&revision=8";
            assertThat(service.testimonies)
                    .containsExactly(
                            target + "&begin=1",
                            target,
                            target + "&begin=1",
                            target,
                            target + "&total=3303",
                            target + "&begin=1",
                            target,
                            target + "&total=3303");
        }
    }

    @Test
    void tells_nothing_to_a_service_that_asks_for_another_epoch() throws Exception {
        try (var link = new TestLink(service, folder).start()) {
            link.await("e", 7);
            service.feedStatus = 409;
            service.cut();
            Await.until(
                    "a problem",
                    TestLink.LIMIT,
                    () -> link.link.state().problem().isPresent());
            assertThat(service.testimonies).isEmpty();
            assertThat(link.epoch()).isEqualTo("e");
        }
    }
}

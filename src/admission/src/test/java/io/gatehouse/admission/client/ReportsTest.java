package io.gatehouse.admission.client;

import static io.gatehouse.admission.Directories.device;
import static io.gatehouse.admission.Directories.fleet;
import static io.gatehouse.admission.Directories.sha256;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.admission.feed.Report;
import io.gatehouse.admission.feed.ReportCodec;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.testkit.Await;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportsTest {
    private static final Instant TIME = Instant.parse("2026-02-03T04:05:06Z");
    private static final Report.Status STATUS = new Report.Status(true, Optional.empty(), "SunEC", "1", List.of());

    @TempDir
    Path folder;

    private FakeService service;
    private TestLink link;

    @BeforeEach
    void start() throws Exception {
        service = new FakeService();
        service.directory("e", 7, fleet("f"));
        link = new TestLink(service, folder);
    }

    @AfterEach
    void stop() throws Exception {
        link.close();
        service.close();
    }

    @Test
    void the_first_report_is_full_and_waits_for_the_directory() throws Exception {
        link.reports().status(STATUS);
        link.reports().opened(opened(1));
        link.reports().opened(opened(2));
        link.reports().closed(closed(2));
        link.start();

        Report first = next();
        assertThat(first.epoch()).isEqualTo("e");
        assertThat(first.full()).isTrue();
        assertThat(first.opened()).containsExactly(opened(1));
        assertThat(first.status()).contains(STATUS);
    }

    @Test
    void what_happens_leaves_at_once_and_over_one_connection() throws Exception {
        link.start();
        awaitAcknowledged(7);
        int connections = service.connections.get();
        service.reports.clear();

        for (int i = 0; i < 50; i++) {
            link.reports().opened(opened(i));
            assertThat(next().opened()).containsExactly(opened(i));
            link.reports().closed(closed(i));
            assertThat(next().closed()).containsExactly(closed(i));
        }
        var refused = new Report.Refused(
                TIME, RefusalReason.REVOKED, Optional.of("x"), Optional.empty(), Optional.empty(), "a");
        link.reports().refused(refused);
        assertThat(next().refused()).containsExactly(refused);
        link.reports().admitted(sha256("c"));
        assertThat(next().admitted()).containsExactly(sha256("c"));
        assertThat(service.connections.get()).isEqualTo(connections);
        assertThat(service.reports).isEmpty();
    }

    @Test
    void every_revision_is_acknowledged_when_it_is_enforced_and_durable() throws Exception {
        link.enforcer = applied -> {};
        link.start();
        link.await("e", 7);
        link.reports().enforced(7, 0);
        awaitAcknowledged(7);
        long first = service.change(device("a", "f"));
        long second = service.change(device("b", "f"));
        link.await("e", second);

        link.reports().enforced(second, 3);
        Report report = await(r -> !r.enforced().isEmpty());
        assertThat(report.enforced()).containsExactly(new Report.Enforced(second, 3));
        assertThat(report.revision()).isEqualTo(7);

        link.reports().enforced(first, 0);
        assertThat(await(r -> r.revision() == second).enforced()).isEmpty();
    }

    @Test
    void begins_anew_after_the_service_was_away() throws Exception {
        link.start();
        awaitAcknowledged(7);
        link.reports().opened(opened(1));
        await(r -> r.opened().contains(opened(1)));
        service.reportStatus = 503;
        link.reports().opened(opened(2));
        link.reports().closed(closed(1));
        Await.until("problem", TestLink.LIMIT, () -> link.link.state().problem().isPresent());
        service.reports.clear();
        service.reportStatus = 204;

        Report report = next();
        assertThat(report.full()).isTrue();
        assertThat(report.opened()).containsExactly(opened(2));
        assertThat(report.closed()).isEmpty();
        Await.until(
                "no problem", TestLink.LIMIT, () -> link.link.state().problem().isEmpty());
    }

    @Test
    void begins_anew_when_the_service_is_at_another_epoch() throws Exception {
        link.start();
        awaitAcknowledged(7);
        link.reports().opened(opened(1));
        await(r -> r.opened().contains(opened(1)));
        service.reportStatus = 409;
        link.reports().opened(opened(2));
        service.directory("new", 3, fleet("f"));
        link.await("new", 3);
        service.reports.clear();
        service.reportStatus = 204;

        Report report = await(r -> r.epoch().equals("new"));
        assertThat(report.full()).isTrue();
        assertThat(report.opened()).containsExactly(opened(1), opened(2));
        await(r -> r.epoch().equals("new") && r.revision() == 3);
    }

    @Test
    void drops_a_report_that_the_service_does_not_take_and_goes_on() throws Exception {
        link.start();
        awaitAcknowledged(7);
        service.reportStatus = 400;
        link.reports().admitted(sha256("bad"));
        Await.until("problem", TestLink.LIMIT, () -> link.link.state().problem().isPresent());
        service.reports.clear();
        service.reportStatus = 204;
        link.reports().admitted(sha256("good"));

        assertThat(await(r -> !r.admitted().isEmpty()).admitted()).containsExactly(sha256("good"));
    }

    @Test
    void a_long_list_of_sessions_goes_in_several_reports_that_fit() throws Exception {
        Map<String, Report.Opened> expected = new HashMap<>();
        for (int i = 0; i < 3000; i++) {
            var session = new Report.Opened(
                    "s-" + i,
                    "\u0001".repeat(1000),
                    DeviceId.of("d-" + i),
                    sha256("c"),
                    "10.0.0.1",
                    "tls",
                    "TLSv1.3",
                    TIME);
            link.reports().opened(session);
            expected.put(session.session(), session);
        }
        link.start();

        var got = new HashMap<String, Report.Opened>();
        var fulls = new ArrayList<Boolean>();
        while (got.size() < expected.size()) {
            Report report = next();
            assertThat(ReportCodec.write(report).length).isLessThanOrEqualTo(Report.MAX_BYTES);
            report.opened().forEach(session -> got.put(session.session(), session));
            fulls.add(report.full());
        }
        assertThat(got.keySet()).isEqualTo(expected.keySet());
        assertThat(got.get("s-1").clientId()).hasSize(256);
        assertThat(fulls.get(0)).isTrue();
        assertThat(fulls.subList(1, fulls.size())).doesNotContain(true);
    }

    @Test
    void no_client_id_can_stop_the_reports() throws Exception {
        link.start();
        awaitAcknowledged(7);
        for (String clientId : List.of("x".repeat(255) + "\ud83d\ude00", "\ud83d", "\ude00x", "\u0000\"\\\n", "")) {
            var refused = new Report.Refused(
                    TIME,
                    RefusalReason.CLIENT_ID_MISMATCH,
                    Optional.of(clientId),
                    Optional.empty(),
                    Optional.empty(),
                    "");
            link.reports().refused(refused);
            assertThat(await(r -> !r.refused().isEmpty()).refused()).hasSize(1);
        }
        assertThat(link.link.state().problem()).isEmpty();
    }

    @Test
    void keeps_what_is_news_within_bounds_while_the_service_is_away() throws Exception {
        var news = new LiveSessions();
        for (int i = 0; i < 30_000; i++) {
            news.opened(opened(i));
            news.closed(closed(i));
            news.refused(new Report.Refused(
                    TIME.plusSeconds(i),
                    RefusalReason.STALE,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    ""));
            news.admitted(sha256("c-" + i));
        }
        var all = news.news(Integer.MAX_VALUE);

        assertThat(all.full()).isTrue();
        assertThat(all.opened()).isEmpty();
        assertThat(all.closed()).hasSizeLessThanOrEqualTo(10_000);
        assertThat(all.refused()).hasSize(1000);
        assertThat(all.refused().get(999).at()).isEqualTo(TIME.plusSeconds(29_999));
        assertThat(all.admitted()).hasSize(10_000);
    }

    @Test
    void a_session_that_ends_while_its_beginning_is_on_the_way_is_closed_too() {
        var news = new LiveSessions();
        news.opened(opened(1));
        var onTheWay = news.news(10);
        news.closed(closed(1));
        news.reported(onTheWay);

        assertThat(news.news(10).opened()).isEmpty();
        assertThat(news.news(10).closed()).containsExactly(closed(1));
        news.reported(news.news(10));
        assertThat(news.isEmpty()).isTrue();
    }

    @Test
    void what_was_dropped_while_it_was_on_the_way_takes_nothing_else_with_it() {
        var news = new LiveSessions();
        news.reported(news.news(10));
        news.refused(refused(0));
        var onTheWay = news.news(10);
        for (int i = 1; i <= 1000; i++) {
            news.refused(refused(i));
        }
        news.reported(onTheWay);
        assertThat(news.news(10_000).refused()).hasSize(1000).first().isEqualTo(refused(1));
    }

    @Test
    void what_many_devices_do_in_a_moment_leaves_together_and_what_is_enforced_does_not_wait() throws Exception {
        link.enforcer = applied -> {};
        link.start();
        link.await("e", 7);
        link.reports().enforced(7, 0);
        awaitAcknowledged(7);
        service.reports.clear();
        long change = service.change(device("a", "f"));
        link.await("e", change);

        int told = 0;
        int reports = 0;
        for (int i = 0; i < 1_000; i++) {
            link.reports().opened(opened(i));
        }
        link.reports().enforced(change, 1);
        while (told < 1_000) {
            Report report = next();
            told += report.opened().size();
            reports++;
        }
        assertThat(reports).isLessThan(50);
    }

    private static Report.Refused refused(int i) {
        return new Report.Refused(
                TIME.plusSeconds(i), RefusalReason.STALE, Optional.empty(), Optional.empty(), Optional.empty(), "");
    }

    private Report next() throws InterruptedException {
        Report report = service.reports.poll(TestLink.LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertThat(report).as("a report").isNotNull();
        return report;
    }

    private Report await(java.util.function.Predicate<Report> wanted) throws InterruptedException {
        Report report = next();
        while (!wanted.test(report)) {
            report = next();
        }
        return report;
    }

    private void awaitAcknowledged(long revision) throws InterruptedException {
        await(report -> report.revision() == revision);
    }

    private static Report.Opened opened(int i) {
        return new Report.Opened(
                "s-" + i, "d-" + i, DeviceId.of("d-" + i), sha256("c"), "10.0.0.1:1", "tls", "TLSv1.3", TIME);
    }

    private static Report.Closed closed(int i) {
        return new Report.Closed("s-" + i, "d-" + i, DeviceId.of("d-" + i), "client", TIME);
    }
}

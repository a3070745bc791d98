package io.gatehouse.enrollment.app;

import static io.gatehouse.enrollment.app.House.ADMIN;
import static io.gatehouse.enrollment.app.House.B1;
import static io.gatehouse.enrollment.app.House.SOON;
import static io.gatehouse.enrollment.app.House.done;
import static io.gatehouse.enrollment.app.House.reason;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.admission.feed.Report;
import io.gatehouse.enrollment.app.domain.DeviceFilter;
import io.gatehouse.enrollment.app.domain.Page;
import io.gatehouse.enrollment.app.domain.Session;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.identity.RevocationReason;
import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.Keys;
import io.gatehouse.x509.Pkcs10Request;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokersAndReportsTest {
    @TempDir
    Path temp;

    private House house;
    private House.Gadget pump;

    @BeforeEach
    void open() {
        house = new House(temp.resolve("gatehouse.db")).withFleet();
        pump = house.gadget("pump-1").enrolled();
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void a_revocation_waits_until_every_broker_has_confirmed_it() {
        house.broker(B1);
        var answer = CompletableFuture.supplyAsync(
                () -> house.devices.revoke(ADMIN, pump.id, RevocationReason.UNSPECIFIED, SOON));
        Await.until(
                "the revocation to be durable",
                SOON,
                () -> pump.row().revokedAt().isPresent());
        assertThat(answer).isNotDone();
        long revision = house.revision();
        done(house.reports.accept(B1, house.report(List.of(new Report.Enforced(revision, 1)))));

        var enforcement = done(answer.join());
        assertThat(enforcement.complete()).isTrue();
        assertThat(enforcement.sessions()).isEqualTo(1);
        assertThat(enforcement.millis()).isBetween(0L, SOON.toMillis());
        assertThat(enforcement.brokers())
                .extracting("broker", "enforced")
                .containsExactly(org.assertj.core.groups.Tuple.tuple(B1, true));
    }

    @Test
    void a_broker_that_does_not_report_is_away_and_the_revocation_is_durable_nonetheless() {
        house.broker(B1);

        var enforcement =
                done(house.devices.revoke(ADMIN, pump.id, RevocationReason.UNSPECIFIED, Duration.ofMillis(50)));
        assertThat(enforcement.complete()).isFalse();
        assertThat(enforcement.brokers().get(0).state()).isEqualTo("away");
        assertThat(pump.row().revokedAt()).isPresent();
    }

    @Test
    void a_broker_that_never_had_the_directory_is_not_waited_for() {
        done(house.brokers.enroll(ADMIN, B1));

        var enforcement = done(house.devices.revoke(ADMIN, pump.id, RevocationReason.UNSPECIFIED, SOON));
        assertThat(enforcement.complete()).isTrue();
        assertThat(enforcement.brokers()).isEmpty();
    }

    @Test
    void a_later_revision_confirms_the_earlier_ones() {
        house.broker(B1);
        done(house.devices.revoke(ADMIN, pump.id, RevocationReason.UNSPECIFIED, Duration.ZERO));
        house.gadget("pump-2").enrolled();
        done(house.reports.accept(B1, house.report(List.of())));

        assertThat(done(house.devices.revoke(ADMIN, pump.id, RevocationReason.UNSPECIFIED, SOON))
                        .complete())
                .isTrue();
    }

    @Test
    void a_report_of_another_epoch_or_of_the_future_is_refused() {
        house.broker(B1);
        var foreign = new Report(
                "elsewhere", 1, true, List.of(), List.of(), List.of(), List.of(), List.of(), Optional.empty());

        assertThat(reason(house.reports.accept(B1, foreign))).isEqualTo(RefusalReason.CONFLICT);
        assertThat(reason(house.reports.accept(B1, house.report(house.revision() + 1, List.of(), List.of()))))
                .isEqualTo(RefusalReason.CONFLICT);
    }

    @Test
    void sessions_are_what_the_brokers_say() {
        var b2 = BrokerName.of("b2");
        done(house.reports.accept(B1, sessions(true, "s1", "s2")));
        done(house.reports.accept(b2, sessions(true, "s1")));
        assertThat(house.sessions.of(pump.id)).extracting(Session::id).containsExactly("b1.s1", "b1.s2", "b2.s1");
        done(house.reports.accept(B1, sessions(true, "s3")));
        assertThat(house.sessions.of(pump.id)).extracting(Session::id).containsExactly("b1.s3", "b2.s1");
        var closed = new Report(
                house.epoch(),
                house.revision(),
                false,
                List.of(),
                List.of(new Report.Closed("s3", "pump-1", pump.id, "client", house.clock.instant())),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty());
        done(house.reports.accept(B1, closed));

        assertThat(house.sessions.count(B1)).isZero();
        assertThat(house.sessions.count()).isEqualTo(1);
        assertThat(done(house.devices.get(pump.id)).sessions()).hasSize(1);
    }

    @Test
    void sessions_are_listed_by_pages() {
        done(house.reports.accept(B1, sessions(true, "s1", "s2", "s3")));
        var first = done(house.sessions.list(Optional.empty(), new Page(Optional.empty(), 2)));
        var second = done(house.sessions.list(Optional.empty(), new Page(first.next(), 2)));

        assertThat(first.items()).extracting(Session::id).containsExactly("b1.s1", "b1.s2");
        assertThat(second.items()).extracting(Session::id).containsExactly("b1.s3");
        assertThat(second.next()).isEmpty();
    }

    @Test
    void devices_are_listed_by_whether_they_are_connected() {
        house.gadget("pump-2").enrolled();
        done(house.reports.accept(B1, sessions(true, "s1")));

        assertThat(ids(Optional.of(true))).containsExactly("pump-1");
        assertThat(ids(Optional.of(false))).containsExactly("pump-2");
        assertThat(ids(Optional.empty())).containsExactly("pump-1", "pump-2");
    }

    @Test
    void refusals_are_kept_with_the_brokers_name() {
        var refused = new Report(
                house.epoch(),
                house.revision(),
                false,
                List.of(),
                List.of(),
                List.of(new Report.Refused(
                        house.clock.instant(),
                        RefusalReason.CLIENT_ID_MISMATCH,
                        Optional.of("x"),
                        Optional.of(pump.id),
                        Optional.empty(),
                        "192.0.2.7")),
                List.of(),
                List.of(),
                Optional.empty());
        done(house.reports.accept(B1, refused));

        assertThat(done(house.refusals.list(Page.first())).items())
                .extracting("where", "reason")
                .containsExactly(org.assertj.core.groups.Tuple.tuple("broker:b1", RefusalReason.CLIENT_ID_MISMATCH));
        assertThat(house.refusals.counts()).containsEntry(RefusalReason.CLIENT_ID_MISMATCH, 1L);
    }

    @Test
    void a_broker_is_known_by_exactly_its_registered_certificate() {
        done(house.brokers.enroll(ADMIN, B1));
        byte[] request = Pkcs10Request.create(Keys.p256(), "whatever");
        var first = done(house.brokers.certificate(B1, Brokers.Use.FEED, request));
        var second = done(house.brokers.certificate(B1, Brokers.Use.FEED, request));
        var server = done(house.brokers.certificate(B1, Brokers.Use.SERVER, request));

        assertThat(done(house.brokers.identify(List.of(first)))).isEqualTo(B1);
        assertThat(done(house.brokers.identify(List.of(second)))).isEqualTo(B1);
        assertThat(reason(house.brokers.identify(List.of(server)))).isEqualTo(RefusalReason.BAD_CERTIFICATE);
        assertThat(reason(house.brokers.identify(List.of()))).isEqualTo(RefusalReason.NO_CERTIFICATE);
        assertThat(reason(house.brokers.identify(List.of(pump.certificate)))).isEqualTo(RefusalReason.UNKNOWN_ISSUER);
        var unregistered = house.issuer.issueFeed(
                B1,
                Keys.p256().getPublic(),
                house.clock.instant(),
                house.clock.instant().plusSeconds(60));
        assertThat(reason(house.brokers.identify(List.of(unregistered)))).isEqualTo(RefusalReason.UNKNOWN_CERTIFICATE);
        house.clock.advance(Duration.ofDays(8));
        assertThat(reason(house.brokers.identify(List.of(first)))).isEqualTo(RefusalReason.EXPIRED);
    }

    @Test
    void an_unknown_broker_gets_no_certificate() {
        byte[] request = Pkcs10Request.create(Keys.p256(), "whatever");

        assertThat(reason(house.brokers.certificate(BrokerName.of("b9"), Brokers.Use.FEED, request)))
                .isEqualTo(RefusalReason.NOT_FOUND);
    }

    private List<String> ids(Optional<Boolean> connected) {
        var filter = new DeviceFilter(Optional.empty(), Optional.empty(), Optional.empty(), connected);
        return done(house.devices.list(filter, Page.first())).items().stream()
                .map(device -> device.id().value())
                .toList();
    }

    private Report sessions(boolean full, String... ids) {
        var opened = java.util.Arrays.stream(ids)
                .map(id -> new Report.Opened(
                        id, "pump-1", pump.id, pump.sha256(), "192.0.2.9", "tls", "TLSv1.3", house.clock.instant()))
                .toList();
        return new Report(
                house.epoch(),
                house.revision(),
                full,
                opened,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Optional.of(new Report.Status(true, Optional.empty(), "SunEC", "1", List.of())));
    }
}

package io.gatehouse.enrollment.app;

import static io.gatehouse.enrollment.app.House.ADMIN;
import static io.gatehouse.enrollment.app.House.B1;
import static io.gatehouse.enrollment.app.House.done;
import static io.gatehouse.enrollment.app.House.reason;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.admission.feed.Report;
import io.gatehouse.enrollment.app.domain.DevicesCa;
import io.gatehouse.enrollment.app.domain.DevicesCa.State;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.domain.Page;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.identity.RevocationReason;
import io.gatehouse.testkit.Keys;
import io.gatehouse.x509.Certificates;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotationTest {
    private static final BrokerName B2 = BrokerName.of("b2");

    @TempDir
    private Path directory;

    private House house;
    private Rotation rotation;

    @BeforeEach
    void open() {
        house = new House(directory.resolve("gatehouse.db")).withFleet();
        started();
        house.broker(B1);
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void at_first_the_only_ca_issues_and_brokers_are_told_of_it() {
        assertThat(states()).containsExactly("devices issuing");
        assertThat(house.toldSince(0)).contains(authority("devices", house.issuer.devices.certificate()));
        assertThat(rotation.waiting()).isEmpty();
    }

    @Test
    void a_new_ca_is_announced_and_issues_nothing() {
        long before = house.revision();
        var fresh = rotated();

        assertThat(states()).containsExactly("devices issuing", "devices-2 announced");
        assertThat(house.toldSince(before)).containsExactly(authority("devices-2", fresh));
        assertThat(rotation.advance()).isFalse();
        assertThat(house.gadget("pump-1").enrolled().certificate.getIssuerX500Principal())
                .isEqualTo(house.issuer.devices.certificate().getSubjectX500Principal());
    }

    @Test
    void it_takes_over_when_every_registered_broker_asks_for_it() {
        house.broker(B2);
        var fresh = rotated();
        trusts(B1, house.issuer.devices.certificate(), fresh);
        trusts(B2, house.issuer.devices.certificate());

        assertThat(rotation.advance()).isFalse();
        assertThat(rotation.waiting().orElseThrow().brokers()).containsExactly(B2);
        trusts(B2, house.issuer.devices.certificate(), fresh);

        assertThat(rotation.advance()).isTrue();
        assertThat(states()).containsExactly("devices older", "devices-2 issuing");
        assertThat(house.gadget("pump-1").enrolled().certificate.getIssuerX500Principal())
                .isEqualTo(fresh.getSubjectX500Principal());
        assertThat(audited("ca.take-over")).contains("devices-2").contains("system");
    }

    @Test
    void a_broker_that_was_never_seen_or_cannot_tell_is_waited_for() {
        house.broker(B2);
        var fresh = rotated();
        trusts(B1, fresh);
        trusts(B2); // an extension that does not know how to tell

        assertThat(rotation.advance()).isFalse();
        assertThat(reason(rotation.takeOver(ADMIN, Set.of()))).isEqualTo(RefusalReason.CONFLICT);
        assertThat(reason(rotation.takeOver(ADMIN, Set.of(B1)))).isEqualTo(RefusalReason.CONFLICT);
        assertThat(states()).containsExactly("devices issuing", "devices-2 announced");
    }

    @Test
    void a_broker_that_is_away_can_be_left_behind_by_name() {
        house.broker(B2);
        var fresh = rotated();
        trusts(B1, fresh);

        assertThat(reason(rotation.takeOver(ADMIN, Set.of(BrokerName.of("b3")))))
                .isEqualTo(RefusalReason.NOT_FOUND);
        assertThat(done(rotation.takeOver(ADMIN, Set.of(B2))).state()).isEqualTo(State.ISSUING);
        assertThat(audited("ca.take-over")).contains("\"without\":[\"b2\"]").contains(ADMIN.name());
        assertThat(reason(rotation.takeOver(ADMIN, Set.of()))).isEqualTo(RefusalReason.CONFLICT);
    }

    @Test
    void a_broker_that_is_registered_meanwhile_is_waited_for_too() {
        var fresh = rotated();
        trusts(B1, fresh);
        house.broker(B2);

        assertThat(rotation.advance()).isFalse();
    }

    @Test
    void a_ca_that_was_made_under_a_clock_that_was_ahead_waits_for_its_time() {
        var fresh = rotated();
        trusts(B1, fresh);
        var begins = fresh.getNotBefore().toInstant();
        house.clock.set(begins.minusSeconds(1));

        assertThat(rotation.advance()).isFalse();
        assertThat(reason(rotation.takeOver(ADMIN, Set.of(B1)))).isEqualTo(RefusalReason.CONFLICT);
        house.clock.set(begins);
        assertThat(rotation.advance()).isTrue();
    }

    @Test
    void a_restart_goes_on_where_it_was() {
        var fresh = rotated();
        started();
        assertThat(states()).containsExactly("devices issuing", "devices-2 announced");
        assertThat(house.issuer.issuing).isEqualTo(1);

        trusts(B1, fresh);
        rotation.advance();
        house.issuer.use(1, List.of(1));
        started();

        assertThat(states()).containsExactly("devices older", "devices-2 issuing");
        assertThat(house.issuer.issuing).isEqualTo(2);
        assertThat(house.issuer.trusted).containsExactly(1, 2);
    }

    @Test
    void devices_of_the_older_ca_renew_into_the_new_one() {
        var pump = house.gadget("pump-1").enrolled();
        var old = pump.certificate;
        var fresh = takenOver();

        assertThat(house.judged(old)).isInstanceOf(Outcome.Done.class);
        var renewed = House.parse(done(pump.tryRenew(Keys.p256())));
        assertThat(renewed.getIssuerX500Principal()).isEqualTo(fresh.getSubjectX500Principal());
        done(house.describe.describe(List.of(renewed)));
        assertThat(reason(house.judged(old))).isEqualTo(RefusalReason.SUPERSEDED);
        assertThat(house.judged(renewed)).isInstanceOf(Outcome.Done.class);
    }

    @Test
    void an_order_to_renew_brings_a_fleet_to_the_new_one_in_its_time_and_the_older_one_retires() {
        var pumps = List.of("pump-1", "pump-2", "pump-3").stream()
                .map(id -> house.gadget(id).enrolled())
                .toList();
        var fresh = takenOver();
        house.clock.advance(Duration.ofMinutes(1));
        var until = done(house.reissues.order(ADMIN, House.FLEET, Duration.ofHours(6)))
                .order()
                .until();
        assertThat(pumps)
                .allSatisfy(pump -> assertThat(done(house.describe.describe(List.of(pump.certificate)))
                                .window()
                                .until())
                        .isBeforeOrEqualTo(until));
        house.clock.set(until);

        for (var pump : pumps) {
            assertThat(rotation.advance()).as(pump.id + " has not renewed").isFalse();
            pump.certificate = House.parse(done(pump.tryRenew(Keys.p256())));
            assertThat(pump.certificate.getIssuerX500Principal()).isEqualTo(fresh.getSubjectX500Principal());
            assertThat(done(house.describe.describe(List.of(pump.certificate)))
                            .window()
                            .from())
                    .as("not due once more")
                    .isAfter(until);
        }
        var progress = done(house.reissues.progress(House.FLEET)).orElseThrow();
        assertThat(progress.total()).isEqualTo(3);
        assertThat(progress.left()).isZero();
        assertThat(rotation.advance()).isTrue();
        assertThat(states()).containsExactly("devices retired", "devices-2 issuing");
        assertThat(pumps)
                .allSatisfy(pump -> assertThat(house.judged(pump.certificate)).isInstanceOf(Outcome.Done.class));
    }

    @Test
    void the_older_one_retires_when_no_live_certificate_of_it_is_left() {
        var pump = house.gadget("pump-1").enrolled();
        var held = house.gadget("pump-2").enrolled();
        done(house.devices.suspend(ADMIN, held.id));
        takenOver();
        house.clock.advance(Duration.ofMinutes(1));
        assertThat(rotation.advance()).isFalse();
        done(house.describe.describe(List.of(House.parse(done(pump.tryRenew(Keys.p256()))))));
        assertThat(rotation.advance()).as("one is held").isFalse();
        assertThat(rotation.shown()).extracting(Rotation.Shown::live).containsExactly(1L, 1L);
        done(house.devices.revoke(ADMIN, held.id, RevocationReason.CESSATION_OF_OPERATION, Duration.ZERO));
        long before = house.revision();

        assertThat(rotation.advance()).isTrue();

        assertThat(states()).containsExactly("devices retired", "devices-2 issuing");
        assertThat(house.toldSince(before)).containsExactly(new Entry.AuthorityRemoved("devices"));
        assertThat(house.issuer.trusted).containsExactly(2);
        assertThat(audited("ca.retire")).contains("devices");
        long told = house.revision();
        started();
        assertThat(house.revision()).as("it is not announced again").isEqualTo(told);
    }

    @Test
    void it_retires_when_the_last_certificate_has_ended() {
        house.gadget("pump-1").enrolled();
        takenOver();
        house.clock.advance(Fleets.DEFAULT_LIFETIME.plusSeconds(1));

        assertThat(rotation.advance()).isTrue();
        assertThat(states()).containsExactly("devices retired", "devices-2 issuing");
    }

    @Test
    void what_was_signed_a_moment_before_is_waited_for() {
        takenOver();
        assertThat(rotation.advance()).isFalse();
        house.clock.advance(Duration.ofSeconds(31));
        assertThat(rotation.advance()).isTrue();
    }

    @Test
    void an_administrator_can_retire_it_with_live_certificates_and_their_devices_can_still_renew() {
        var pump = house.gadget("pump-1").enrolled();
        takenOver();

        assertThat(reason(rotation.retire(ADMIN, "devices", false))).isEqualTo(RefusalReason.CONFLICT);
        assertThat(done(rotation.retire(ADMIN, "devices", true)).state()).isEqualTo(State.RETIRED);
        assertThat(done(rotation.retire(ADMIN, "devices", true)).state()).isEqualTo(State.RETIRED);
        done(pump.tryRenew(Keys.p256()));
    }

    @Test
    void only_a_ca_that_was_followed_can_retire() {
        rotated();

        assertThat(reason(rotation.retire(ADMIN, "devices", true))).isEqualTo(RefusalReason.CONFLICT);
        assertThat(reason(rotation.retire(ADMIN, "devices-2", true))).isEqualTo(RefusalReason.CONFLICT);
        assertThat(reason(rotation.retire(ADMIN, "devices-3", true))).isEqualTo(RefusalReason.NOT_FOUND);
    }

    @Test
    void of_two_that_wait_the_newer_takes_over() {
        var second = rotated();
        var third = rotated();
        trusts(B1, second, third);

        rotation.advance();

        assertThat(states()).containsExactly("devices older", "devices-2 older", "devices-3 issuing");
    }

    @Test
    void files_that_are_older_than_the_registry_are_not_used() {
        rotated();
        house.issuer.forgetLast();

        assertThatThrownBy(this::started)
                .isInstanceOf(Rotation.OlderFilesException.class)
                .hasMessageContaining("devices-2")
                .hasMessageContaining("one backup");
    }

    private void started() {
        rotation = new Rotation(house.registry, house.issuer, house.presence, house.clock);
        rotation.start();
    }

    private X509Certificate rotated() {
        var fresh = house.issuer.another().certificate();
        started();
        return fresh;
    }

    private X509Certificate takenOver() {
        var fresh = rotated();
        trusts(B1, fresh);
        assertThat(rotation.advance()).isTrue();
        return fresh;
    }

    private void trusts(BrokerName broker, X509Certificate... cas) {
        var trusted = Arrays.stream(cas).map(Certificates::fingerprint).toList();
        var status = new Report.Status(true, Optional.empty(), "SunEC", "1", trusted);
        done(house.reports.accept(
                broker,
                new Report(
                        house.epoch(),
                        house.revision(),
                        false,
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        Optional.of(status))));
    }

    private List<String> states() {
        return rotation.list().stream()
                .map((DevicesCa ca) -> ca.name() + " " + ca.state().word())
                .toList();
    }

    private String audited(String action) {
        return done(house.audit.list(Page.first())).items().stream()
                .filter(entry -> entry.action().equals(action))
                .map(entry -> entry.actor() + " " + entry.subject() + " " + entry.detail())
                .findFirst()
                .orElseThrow();
    }

    private static Entry authority(String name, X509Certificate certificate) {
        return new Entry.AuthorityEntry(name, Certificates.der(certificate));
    }
}

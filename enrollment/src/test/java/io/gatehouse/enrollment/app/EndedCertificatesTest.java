package io.gatehouse.enrollment.app;

import static io.gatehouse.enrollment.app.House.ADMIN;
import static io.gatehouse.enrollment.app.House.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.enrollment.app.imports.ImportOrder;
import io.gatehouse.enrollment.app.imports.ImportRow;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.identity.RevocationReason;
import io.gatehouse.testkit.Keys;
import io.gatehouse.testkit.MutableClock;
import io.gatehouse.testkit.TestAuthority;
import io.gatehouse.x509.Pem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a broker holds of certificates that ended, by a service whose clock may be wrong. */
class EndedCertificatesTest {
    private static final Duration LIFETIME = Duration.ofDays(90);
    private static final Duration YEAR = Duration.ofDays(365);

    @TempDir
    Path temp;

    private House house;

    @BeforeEach
    void open() {
        house = new House(temp.resolve("gatehouse.db")).withFleet();
        house.broker(House.B1);
    }

    @AfterEach
    void close() {
        house.close();
    }

    private LiveBroker broker(String folder) {
        return new LiveBroker(house, house.clock, temp.resolve(folder));
    }

    @Test
    void a_live_broker_is_rid_of_a_certificate_some_days_after_its_end_and_not_before() {
        var pump = house.gadget("pump-1").enrolled();
        try (var broker = broker("b1")) {
            assertThat(broker.certificates()).isEqualTo(1);
            house.pass(LIFETIME.plusDays(1));
            house.settle();
            assertThat(broker.follow().certificates()).isEqualTo(1);
            assertThat(broker.refuses(pump)).contains(RefusalReason.EXPIRED);
            house.pass(Duration.ofDays(1));
            house.settle();
            assertThat(broker.follow().certificates()).isZero();
            assertThat(broker.refuses(pump)).contains(RefusalReason.UNKNOWN_CERTIFICATE);
            try (var fresh = broker("fresh")) {
                assertThat(fresh.entries()).isEqualTo(broker.entries());
            }
        }
    }

    @Test
    void years_of_renewals_leave_no_more_in_a_broker_than_is_good_or_ended_just_now() {
        var pump = house.gadget("pump-1").enrolled();
        try (var broker = broker("b1")) {
            for (int i = 0; i < 40; i++) {
                house.pass(Duration.ofDays(60));
                pump.key(Keys.p256());
                pump.certificate = House.parse(done(pump.tryRenew(pump.key())));
                house.settle();
                assertThat(broker.follow().certificates()).isLessThanOrEqualTo(2);
                assertThat(broker.refuses(pump)).isEmpty();
            }
        }
    }

    @Test
    void where_nothing_ends_a_step_writes_nothing() {
        house.gadget("pump-1").enrolled();
        long revision = house.revision();
        house.settle();
        house.settle();
        assertThat(house.revision()).isEqualTo(revision);
    }

    @Test
    void what_becomes_of_a_device_does_not_bring_its_ended_certificates_back() {
        var pump = house.gadget("pump-1").enrolled();
        var first = pump.sha256();
        house.pass(Duration.ofDays(80));
        pump.certificate = House.parse(done(pump.tryRenew(Keys.p256())));
        house.pass(Duration.ofDays(20));
        house.settle();
        long revision = house.revision();
        done(house.devices.suspend(ADMIN, pump.id()));
        done(house.devices.resume(ADMIN, pump.id()));
        pump.certificate = House.parse(done(pump.tryRenew(Keys.p256())));
        done(house.devices.revoke(ADMIN, pump.id(), RevocationReason.UNSPECIFIED, Duration.ZERO));

        var told = house.toldSince(revision);
        assertThat(told).hasAtLeastOneElementOfType(Entry.CertificateEntry.class);
        assertThat(told)
                .filteredOn(Entry.CertificateEntry.class::isInstance)
                .noneMatch(entry -> ((Entry.CertificateEntry) entry).sha256().equals(first));
        try (var broker = broker("b1")) {
            assertThat(broker.certificates()).isEqualTo(2);
        }
    }

    @Test
    void an_imported_certificate_goes_as_any_other() {
        var foreign = TestAuthority.root("Old fleet root");
        var held = foreign.device("old-1");
        var row = new ImportRow("d-1", Optional.empty(), Map.of(), Pem.write(held.certificate()));
        done(house.imports.run(
                ADMIN,
                new ImportOrder(
                        List.of(foreign.certificate()), Optional.of(House.FLEET), List.of(row), false, false, false)));
        try (var broker = broker("b1")) {
            assertThat(broker.certificates()).isEqualTo(1);
            var end = held.certificate().getNotAfter().toInstant();
            house.pass(Duration.between(house.clock.instant(), end).plus(EndedCertificates.MARGIN));
            house.settle();
            assertThat(broker.follow().certificates()).isZero();
        }
    }

    @Test
    void a_clock_that_leaps_ahead_is_not_believed_at_once() {
        var pump = house.gadget("pump-1").enrolled();
        var ownClock = MutableClock.at(house.clock.instant());
        try (var broker = new LiveBroker(house, ownClock, temp.resolve("b1"))) {
            house.settle();
            house.clock.advance(YEAR);
            for (int minute = 0; minute < 59; minute++) {
                house.ended.step();
                house.pass(Duration.ofMinutes(1));
            }
            house.clock.advance(YEAR.negated());
            house.settle();
            assertThat(house.revision()).isEqualTo(broker.follow().revision());
            assertThat(broker.refuses(pump)).isEmpty();
        }
    }

    @Test
    void a_start_under_a_clock_that_is_ahead_does_no_harm_within_the_hour() {
        house.gadget("pump-1").enrolled();
        long revision = house.revision();
        house.close();
        house = new House(temp.resolve("gatehouse.db"));
        house.clock.advance(YEAR);
        house.ended.step();
        assertThat(house.revision()).isEqualTo(revision);
    }

    @Test
    void after_a_clock_that_was_ahead_for_long_valid_certificates_are_told_again_and_admitted() {
        var pump = house.gadget("pump-1").enrolled();
        var ownClock = MutableClock.at(house.clock.instant());
        try (var broker = new LiveBroker(house, ownClock, temp.resolve("b1"))) {
            house.clock.advance(YEAR);
            house.settle();
            assertThat(broker.follow().refuses(pump)).contains(RefusalReason.UNKNOWN_CERTIFICATE);
            try (var misled = new LiveBroker(house, ownClock, temp.resolve("b2"))) {
                assertThat(misled.refuses(pump)).contains(RefusalReason.UNKNOWN_CERTIFICATE);
                house.clock.advance(YEAR.negated());
                house.ended.step(); // at once: what goes back needs no hour
                assertThat(broker.follow().refuses(pump)).isEmpty();
                assertThat(misled.follow().refuses(pump))
                        .as("whose snapshot left it out")
                        .isEmpty();
                assertThat(misled.entries()).isEqualTo(broker.entries());
            }
        }
    }

    @Test
    void what_left_stays_out_and_comes_back_also_after_the_service_was_killed() {
        var pump = house.gadget("pump-1").enrolled();
        house.clock.advance(YEAR);
        house.settle();
        var ahead = house.clock.instant();
        var first = temp.resolve("killed-1.db");
        house = EndedPropertyTest.killed(house, temp.resolve("gatehouse.db"), first);
        house.clock.set(ahead);
        try (var broker = broker("b1")) {
            assertThat(broker.certificates()).isZero();
        }
        house = EndedPropertyTest.killed(house, first, temp.resolve("killed-2.db"));
        try (var broker = broker("b2")) {
            assertThat(broker.certificates()).isZero();
            house.ended.step();
            assertThat(broker.follow().refuses(pump)).isEmpty();
        }
    }

    @Test
    void a_certificate_that_is_issued_while_the_directory_is_behind_the_clock_is_known_in_the_end() {
        house.gadget("pump-1").enrolled();
        house.clock.advance(YEAR);
        var future = house.gadget("pump-2").enrolled();
        house.clock.advance(YEAR);
        house.settle();
        house.clock.advance(YEAR.multipliedBy(2).negated());
        // ends before the last one that left
        var pump = house.gadget("pump-3").enrolled();
        try (var broker = broker("b1")) {
            house.settle();
            assertThat(broker.follow().refuses(pump)).isEmpty();
            assertThat(broker.certificates()).isEqualTo(3);
            assertThat(broker.refuses(future)).contains(RefusalReason.NOT_YET_VALID);
        }
    }
}

package io.gatehouse.enrollment.app;

import static io.gatehouse.enrollment.app.House.ADMIN;
import static io.gatehouse.enrollment.app.House.FLEET;
import static io.gatehouse.enrollment.app.House.done;
import static io.gatehouse.enrollment.app.House.parse;
import static io.gatehouse.enrollment.app.House.reason;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.app.domain.Reissue;
import io.gatehouse.enrollment.app.domain.ReissueProgress;
import io.gatehouse.enrollment.app.domain.RenewalWindow;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.identity.RevocationReason;
import io.gatehouse.testkit.Keys;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An order to a fleet to renew: who is told what, and how far it has come. */
class ReissueTest {
    private static final FleetName VALVES = FleetName.of("valves");
    private static final Duration SIX_HOURS = Duration.ofHours(6);

    @TempDir
    Path temp;

    private House house;

    @BeforeEach
    void open() {
        house = new House(temp.resolve("gatehouse.db")).withFleet();
        house.fleet(VALVES);
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void every_device_is_told_a_window_within_the_time_and_they_differ() {
        var pumps = pumps(8);
        house.clock.advance(Duration.ofDays(1));
        var before = house.clock.instant();
        order();

        var windows = pumps.stream().map(this::told).toList();
        assertThat(windows)
                .allSatisfy(
                        window -> assertThat(window.from()).isBetween(before.minusMillis(1), before.plus(SIX_HOURS)))
                .allSatisfy(window -> assertThat(window.until()).isBetween(window.from(), before.plus(SIX_HOURS)));
        assertThat(new HashSet<>(windows)).hasSizeGreaterThan(4);
    }

    @Test
    void who_has_renewed_is_done_and_is_told_its_own_window_again() {
        var pumps = pumps(3);
        var order = order();
        assertThat(order.total()).isEqualTo(3);
        assertThat(order.left()).isEqualTo(3);

        var pump = pumps.get(0);
        pump.certificate = parse(done(pump.tryRenew(Keys.p256())));
        assertThat(progress().left()).as("not proven yet").isEqualTo(3);
        assertThat(told(pump).from()).isAfter(order.order().until());
        assertThat(progress().left()).isEqualTo(2);
        assertThat(progress().done()).isEqualTo(1);
    }

    @Test
    void an_order_does_not_make_an_earlier_window_later() {
        var pump = pumps(1).get(0);
        house.clock.advance(Duration.ofDays(80));
        var own = told(pump);
        order();

        assertThat(told(pump)).isEqualTo(own);
    }

    @Test
    void it_is_the_order_of_issue_that_counts_when_the_clock_is_set_back() {
        var pump = pumps(1).get(0);
        house.clock.advance(Duration.ofDays(3));
        order();
        house.clock.advance(Duration.ofDays(-2));
        pump.certificate = parse(done(pump.tryRenew(Keys.p256())));

        assertThat(told(pump).from())
                .as("not due once more")
                .isAfter(progress().order().until());
        assertThat(progress().left()).isZero();
    }

    @Test
    void revoked_expired_and_moved_ones_are_counted_for_what_they_are() {
        var pumps = pumps(6);
        house.clock.advance(Duration.ofDays(91));
        var fresh = pumps("fresh", 4);
        assertThat(order().total())
                .as("what had expired before is no part of it")
                .isEqualTo(4);

        done(house.devices.revoke(ADMIN, fresh.get(0).id(), RevocationReason.UNSPECIFIED, Duration.ZERO));
        done(house.devices.suspend(ADMIN, fresh.get(1).id()));
        move(fresh.get(2), VALVES);
        done(house.devices.decommission(ADMIN, pumps.get(0).id()));
        assertThat(progress().left()).as("the suspended one and the last").isEqualTo(2);
        house.clock.advance(Duration.ofDays(91));
        assertThat(progress().left()).as("expired since, and never renewed").isEqualTo(2);
    }

    @Test
    void who_comes_into_a_fleet_takes_part_in_its_order() {
        var pumps = pumps(2);
        var order = done(house.reissues.order(ADMIN, VALVES, SIX_HOURS));
        assertThat(order.total()).isZero();
        move(pumps.get(0), VALVES);

        var joined = done(house.reissues.progress(VALVES)).orElseThrow();
        assertThat(joined.total()).isEqualTo(1);
        assertThat(joined.left()).isEqualTo(1);
        assertThat(told(pumps.get(0)).until()).isBeforeOrEqualTo(order.order().until());
        assertThat(told(pumps.get(1)).from()).isAfter(order.order().until());
    }

    @Test
    void a_later_order_begins_anew() {
        var pumps = pumps(2);
        order();
        renew(pumps.get(0));
        house.clock.advance(Duration.ofMinutes(1));

        assertThat(order().left()).isEqualTo(2);
    }

    @Test
    void the_counters_say_what_a_count_says_after_whatever_happened() {
        var random = new Random(7);
        var pumps = pumps(12);
        order();
        done(house.reissues.order(ADMIN, VALVES, SIX_HOURS));
        for (int i = 0; i < 120; i++) {
            var pump = pumps.get(random.nextInt(pumps.size()));
            var id = pump.id();
            switch (random.nextInt(8)) {
                case 0 -> house.devices.suspend(ADMIN, id);
                case 1 -> house.devices.resume(ADMIN, id);
                case 2 -> house.devices.patch(ADMIN, id, new Devices.Patch(Optional.of(VALVES), Map.of()));
                case 3 -> house.devices.patch(ADMIN, id, new Devices.Patch(Optional.of(FLEET), Map.of()));
                case 4 ->
                    house.devices.revokeCertificate(ADMIN, pump.sha256(), RevocationReason.UNSPECIFIED, Duration.ZERO);
                case 5 -> {
                    if (random.nextInt(6) == 0) {
                        house.devices.revoke(ADMIN, id, RevocationReason.UNSPECIFIED, Duration.ZERO);
                    }
                }
                default -> renew(pump);
            }
            for (var fleet : List.of(FLEET, VALVES)) {
                long left = done(house.reissues.progress(fleet)).orElseThrow().left();
                assertThat(left)
                        .as("after step %d, %s", i, fleet)
                        .isEqualTo(house.registry.read(view -> view.reissues().countDue(fleet)));
            }
        }
    }

    @Test
    void an_order_whose_count_was_cut_off_is_counted_later_and_is_exact() {
        var pumps = pumps(3);
        var order = new Reissue(house.clock.instant(), house.clock.instant().plus(SIX_HOURS));
        house.registry.write(transaction -> {
            transaction.reissues().start(FLEET, order);
            return true;
        });
        renew(pumps.get(0));

        assertThat(progress().total()).isEqualTo(3);
        assertThat(progress().left()).isEqualTo(2);
    }

    @Test
    void orders_have_bounds_and_need_a_fleet() {
        assertThat(reason(house.reissues.order(ADMIN, FLEET, Duration.ZERO))).isEqualTo(RefusalReason.BAD_REQUEST);
        assertThat(reason(house.reissues.order(ADMIN, FLEET, Duration.ofDays(367))))
                .isEqualTo(RefusalReason.BAD_REQUEST);
        assertThat(reason(house.reissues.order(ADMIN, FleetName.of("none"), SIX_HOURS)))
                .isEqualTo(RefusalReason.UNKNOWN_FLEET);
        assertThat(done(house.reissues.progress(FLEET))).isEmpty();
    }

    private List<House.Gadget> pumps(int count) {
        return pumps("pump", count);
    }

    private List<House.Gadget> pumps(String name, int count) {
        var made = new ArrayList<House.Gadget>();
        for (int i = 0; i < count; i++) {
            var pump = house.gadget(name + "-" + i).enrolled();
            told(pump);
            made.add(pump);
        }
        return made;
    }

    private void renew(House.Gadget pump) {
        if (pump.tryRenew(Keys.p256()) instanceof io.gatehouse.enrollment.app.domain.Outcome.Done<Enrolled> renewed) {
            X509Certificate next = parse(renewed.value());
            told(next);
            pump.certificate = next;
        }
    }

    private void move(House.Gadget pump, FleetName fleet) {
        done(house.devices.patch(ADMIN, pump.id(), new Devices.Patch(Optional.of(fleet), Map.of())));
    }

    private RenewalWindow told(House.Gadget pump) {
        return told(pump.certificate);
    }

    private RenewalWindow told(X509Certificate certificate) {
        return done(house.describe.describe(List.of(certificate))).window();
    }

    private ReissueProgress order() {
        return done(house.reissues.order(ADMIN, FLEET, SIX_HOURS));
    }

    private ReissueProgress progress() {
        return done(house.reissues.progress(FLEET)).orElseThrow();
    }
}

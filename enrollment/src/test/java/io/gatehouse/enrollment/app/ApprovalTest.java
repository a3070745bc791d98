package io.gatehouse.enrollment.app;

import static io.gatehouse.enrollment.app.House.ADMIN;
import static io.gatehouse.enrollment.app.House.FLEET;
import static io.gatehouse.enrollment.app.House.done;
import static io.gatehouse.enrollment.app.House.parse;
import static io.gatehouse.enrollment.app.House.reason;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.enrollment.app.domain.Page;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.identity.RevocationReason;
import io.gatehouse.testkit.Keys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests that a person approves or rejects. */
class ApprovalTest {
    @TempDir
    Path temp;

    private House house;
    private House.Gadget pump;

    @BeforeEach
    void open() {
        house = new House(temp.resolve("gatehouse.db")).withFleet();
        pump = house.gadget("p-1");
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void a_request_waits_and_the_same_request_gets_its_certificate_once_it_is_approved() {
        String secret = fleetClaim(5);
        waits(pump, secret);
        waits(pump, secret);
        assertThat(pump.row().state()).isEqualTo(DeviceState.PENDING);
        assertThat(house.issuer.issued).hasValue(0);
        assertThat(waiting()).containsExactly("p-1");
        assertThat(house.pending.count()).isEqualTo(1);
        assertThat(used()).isEqualTo(1);

        done(house.pending.approve(ADMIN, pump.id()));
        assertThat(waiting()).isEmpty();
        assertThat(house.pending.count()).isZero();
        pump.certificate = parse(done(pump.tryEnroll(secret)));
        done(house.judged(pump.certificate));
        assertThat(pump.row().state()).isEqualTo(DeviceState.ACTIVE);
        assertThat(done(pump.tryEnroll(secret)).der()).isEqualTo(parseBack());
        assertThat(used()).isEqualTo(1);
        assertThat(house.audit.verify().holds()).isTrue();
    }

    private byte[] parseBack() {
        return house.registry.read(view -> view.der(pump.sha256()));
    }

    @Test
    void who_waits_is_kept_by_a_restart() {
        String secret = fleetClaim(5);
        waits(pump, secret);
        var key = pump.key();
        house.close();
        house = new House(temp.resolve("gatehouse.db"));
        pump = house.gadget("p-1");
        pump.key(key);

        assertThat(waiting()).containsExactly("p-1");
        done(house.pending.approve(ADMIN, pump.id()));
        done(pump.tryEnroll(secret));
    }

    @Test
    void another_key_cannot_take_over_a_request_that_waits_or_is_approved() {
        String secret = fleetClaim(5);
        waits(pump, secret);
        var right = pump.key();
        pump.key(Keys.p256());
        assertThat(reason(pump.tryEnroll(secret))).isEqualTo(RefusalReason.KEY_MISMATCH);
        done(house.pending.approve(ADMIN, pump.id()));
        assertThat(reason(pump.tryEnroll(secret))).isEqualTo(RefusalReason.KEY_MISMATCH);
        pump.key(right);
        done(pump.tryEnroll(secret));
    }

    @Test
    void who_was_approved_and_did_not_come_gets_nothing_once_another_has_enrolled_as_that_device() {
        String secret = fleetClaim(5);
        waits(pump, secret);
        done(house.pending.approve(ADMIN, pump.id()));
        var late = pump.key();
        pump.key(Keys.p256());
        pump.enrolled();

        pump.key(late);
        assertThat(reason(pump.tryEnroll(secret))).isEqualTo(RefusalReason.REJECTED);
    }

    @Test
    void brokers_hear_nothing_of_who_waits_or_was_rejected() {
        String secret = fleetClaim(5);
        long before = house.revision();
        waits(pump, secret);
        var other = house.gadget("p-2");
        waits(other, secret);
        done(house.pending.reject(ADMIN, other.id()));
        done(house.devices.patch(
                ADMIN, other.id(), new Devices.Patch(Optional.empty(), Map.of("site", Optional.of("ulm")))));
        assertThat(house.revision()).isEqualTo(before);
        assertThat(devicesOfASnapshot()).isEmpty();

        done(house.pending.approve(ADMIN, pump.id()));
        assertThat(house.toldSince(before)).extracting("id").containsExactly(pump.id());
        assertThat(devicesOfASnapshot()).containsExactly(pump.id());
    }

    @Test
    void a_rejected_request_is_refused_for_good() {
        String secret = fleetClaim(5);
        waits(pump, secret);
        done(house.pending.reject(ADMIN, pump.id()));

        assertThat(pump.row().state()).isEqualTo(DeviceState.REJECTED);
        assertThat(reason(pump.tryEnroll(secret))).isEqualTo(RefusalReason.REJECTED);
        assertThat(reason(pump.tryEnroll(fleetClaim(5)))).isEqualTo(RefusalReason.REJECTED);
        assertThat(reason(house.pending.approve(ADMIN, pump.id()))).isEqualTo(RefusalReason.CONFLICT);
        assertThat(waiting()).isEmpty();
        assertThat(used()).isEqualTo(1);
    }

    @Test
    void a_claim_made_for_a_rejected_device_alone_lets_it_in() {
        waits(pump, fleetClaim(5));
        String madeBefore = pump.claim().secret().orElseThrow();
        done(house.pending.reject(ADMIN, pump.id()));
        assertThat(reason(pump.tryEnroll(madeBefore))).isEqualTo(RefusalReason.CLAIM_CANCELLED);

        done(pump.tryEnroll(pump.claim().secret().orElseThrow()));
        assertThat(pump.row().state()).isEqualTo(DeviceState.ACTIVE);
    }

    @Test
    void a_claim_made_for_a_device_that_waits_takes_the_place_of_its_request() {
        String fleetSecret = fleetClaim(5);
        waits(pump, fleetSecret);
        var squatter = pump.key();
        pump.key(Keys.p256());
        done(pump.tryEnroll(pump.claim().secret().orElseThrow()));

        assertThat(waiting()).isEmpty();
        pump.key(squatter);
        assertThat(reason(pump.tryEnroll(fleetSecret))).isEqualTo(RefusalReason.REJECTED);
    }

    @Test
    void the_request_outlives_the_claims_end_but_not_its_cancellation() {
        String secret = fleetClaim(5);
        var second = house.gadget("p-2");
        waits(pump, secret);
        waits(second, secret);
        house.clock.advance(Duration.ofDays(3));
        waits(pump, secret);
        assertThat(reason(house.gadget("p-3").tryEnroll(secret))).isEqualTo(RefusalReason.CLAIM_EXPIRED);
        done(house.pending.approve(ADMIN, pump.id()));

        done(house.claims.cancel(ADMIN, claimId()));
        assertThat(waiting()).isEmpty();
        assertThat(second.row().state()).isEqualTo(DeviceState.REJECTED);
        assertThat(reason(second.tryEnroll(secret))).isEqualTo(RefusalReason.CLAIM_CANCELLED);
        done(pump.tryEnroll(secret)); // approved before
    }

    @Test
    void a_spent_claim_is_cancelled_while_something_waits() {
        waits(pump, fleetClaim(1));

        done(house.claims.cancel(ADMIN, claimId()));
        assertThat(waiting()).isEmpty();
    }

    @Test
    void no_more_wait_than_uses_and_than_the_list_holds() {
        String few = fleetClaim(2);
        waits(pump, few);
        waits(house.gadget("p-2"), few);
        assertThat(reason(house.gadget("p-3").tryEnroll(few))).isEqualTo(RefusalReason.CLAIM_SPENT);

        String many = fleetClaim(EnrollByClaim.MOST_PENDING + 10);
        var key = Keys.p256();
        for (int i = 0; i < EnrollByClaim.MOST_PENDING; i++) {
            var one = house.gadget("m-" + i);
            one.key(key);
            waits(one, many);
        }
        var late = house.gadget("late");
        assertThat(reason(late.tryEnroll(many))).isEqualTo(RefusalReason.TOO_MANY_REQUESTS);
        var unknown = house.registry.read(view -> view.device(late.id()));
        assertThat(unknown).isEmpty();
        done(house.pending.reject(ADMIN, DeviceId.of("m-0")));
        waits(late, many);
    }

    @Test
    void two_ids_that_wait_with_one_key_become_one_device() {
        String secret = fleetClaim(5);
        var twin = house.gadget("p-2");
        twin.key(pump.key());
        waits(pump, secret);
        waits(twin, secret);
        done(house.pending.approve(ADMIN, pump.id()));
        done(house.pending.approve(ADMIN, twin.id()));

        done(pump.tryEnroll(secret));
        assertThat(reason(twin.tryEnroll(secret))).isEqualTo(RefusalReason.KEY_REUSED);
    }

    @Test
    void a_claim_for_one_device_may_ask_for_approval_and_an_active_device_stays_active_meanwhile() {
        pump.enrolled();
        pump.key(Keys.p256());
        String secret = oneDeviceClaim();
        waits(pump, secret);
        assertThat(pump.row().state()).isEqualTo(DeviceState.ACTIVE);
        done(house.judged(pump.certificate));
        done(house.pending.approve(ADMIN, pump.id()));
        done(house.judged(parse(done(pump.tryEnroll(secret)))));

        pump.key(Keys.p256());
        String another = oneDeviceClaim();
        waits(pump, another);
        done(house.pending.reject(ADMIN, pump.id()));
        assertThat(pump.row().state()).isEqualTo(DeviceState.ACTIVE);
        assertThat(reason(pump.tryEnroll(another))).isEqualTo(RefusalReason.REJECTED);
    }

    @Test
    void a_revocation_ends_what_waits_and_what_is_approved_but_not_fetched() {
        pump.enrolled();
        pump.key(Keys.p256());
        String waiting = oneDeviceClaim();
        waits(pump, waiting);
        revoke();
        assertThat(waiting()).isEmpty();
        assertThat(reason(pump.tryEnroll(waiting))).isEqualTo(RefusalReason.REVOKED);

        String approved = oneDeviceClaim();
        waits(pump, approved);
        done(house.pending.approve(ADMIN, pump.id()));
        revoke();
        assertThat(reason(pump.tryEnroll(approved))).isEqualTo(RefusalReason.REVOKED);
        assertThat(pump.row().shownState()).isEqualTo("revoked");
    }

    @Test
    void who_waits_cannot_be_suspended_revoked_or_moved_but_decommissioned() {
        String secret = fleetClaim(5);
        waits(pump, secret);
        house.fleet(FleetName.of("other"));
        assertThat(reason(house.devices.suspend(ADMIN, pump.id()))).isEqualTo(RefusalReason.CONFLICT);
        assertThat(reason(house.devices.resume(ADMIN, pump.id()))).isEqualTo(RefusalReason.CONFLICT);
        assertThat(reason(house.devices.revoke(ADMIN, pump.id(), RevocationReason.UNSPECIFIED, Duration.ZERO)))
                .isEqualTo(RefusalReason.CONFLICT);
        assertThat(reason(house.devices.patch(
                        ADMIN, pump.id(), new Devices.Patch(Optional.of(FleetName.of("other")), Map.of()))))
                .isEqualTo(RefusalReason.CONFLICT);

        done(house.devices.decommission(ADMIN, pump.id()));
        assertThat(waiting()).isEmpty();
        assertThat(reason(pump.tryEnroll(secret))).isEqualTo(RefusalReason.DECOMMISSIONED);
    }

    @Test
    void a_suspended_fleet_gives_nothing_to_who_is_approved() {
        String secret = fleetClaim(5);
        waits(pump, secret);
        done(house.pending.approve(ADMIN, pump.id()));
        done(house.fleets.suspend(ADMIN, FLEET));
        assertThat(reason(pump.tryEnroll(secret))).isEqualTo(RefusalReason.SUSPENDED);
        done(house.fleets.resume(ADMIN, FLEET));
        done(pump.tryEnroll(secret));
    }

    @Test
    void who_is_unknown_or_does_not_wait_cannot_be_approved() {
        assertThat(reason(house.pending.approve(ADMIN, DeviceId.of("nobody")))).isEqualTo(RefusalReason.UNKNOWN_DEVICE);
        pump.enrolled();
        assertThat(reason(house.pending.approve(ADMIN, pump.id()))).isEqualTo(RefusalReason.CONFLICT);
        assertThat(reason(house.pending.reject(ADMIN, pump.id()))).isEqualTo(RefusalReason.CONFLICT);
    }

    @Test
    void the_list_goes_by_pages() {
        String secret = fleetClaim(5);
        for (var id : List.of("c", "A", "b")) {
            waits(house.gadget(id), secret);
        }
        var first = done(house.pending.list(new Page(Optional.empty(), 2)));
        var second = done(house.pending.list(new Page(first.next(), 2)));

        assertThat(first.items())
                .extracting(request -> request.use().device().value())
                .containsExactly("A", "b");
        assertThat(second.items())
                .extracting(request -> request.use().device().value())
                .containsExactly("c");
        assertThat(second.next()).isEmpty();
    }

    private static void waits(House.Gadget gadget, String secret) {
        assertThat(reason(gadget.tryEnroll(secret))).isEqualTo(RefusalReason.PENDING);
    }

    private String fleetClaim(int uses) {
        return claim(Optional.empty(), Optional.of(uses));
    }

    private String oneDeviceClaim() {
        return claim(Optional.of(pump.id()), Optional.empty());
    }

    private String claim(Optional<DeviceId> device, Optional<Integer> uses) {
        return done(house.claims.create(
                        ADMIN,
                        new Claims.NewClaim(
                                FLEET,
                                device,
                                uses,
                                Optional.empty(),
                                true,
                                Optional.of(Duration.ofDays(1)),
                                Optional.empty(),
                                Optional.empty())))
                .secret()
                .orElseThrow();
    }

    private List<String> waiting() {
        return done(house.pending.list(Page.first())).items().stream()
                .map(request -> request.use().device().value())
                .toList();
    }

    private int used() {
        return house.registry.read(view -> view.claim(claimId())).orElseThrow().used();
    }

    /** Of the first claim that was made. */
    private String claimId() {
        return done(house.claims.list(Optional.empty(), Optional.empty(), Page.first()))
                .items()
                .get(0)
                .id();
    }

    private List<DeviceId> devicesOfASnapshot() {
        var ids = new ArrayList<DeviceId>();
        house.registry.read(view -> {
            view.snapshot(house.clock.instant(), bytes -> {
                if (House.line(bytes) instanceof Entry.DeviceEntry device) {
                    ids.add(device.id());
                }
            });
            return true;
        });
        return ids;
    }

    private void revoke() {
        done(house.devices.revoke(ADMIN, pump.id(), RevocationReason.UNSPECIFIED, Duration.ZERO));
    }
}

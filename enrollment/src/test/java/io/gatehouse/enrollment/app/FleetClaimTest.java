package io.gatehouse.enrollment.app;

import static io.gatehouse.enrollment.app.House.ADMIN;
import static io.gatehouse.enrollment.app.House.FLEET;
import static io.gatehouse.enrollment.app.House.done;
import static io.gatehouse.enrollment.app.House.parse;
import static io.gatehouse.enrollment.app.House.reason;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.app.domain.AllowedIds;
import io.gatehouse.enrollment.app.domain.Claim;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.identity.RevocationReason;
import io.gatehouse.testkit.Keys;
import io.gatehouse.x509.Certificates;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A claim of a fleet: for so many new devices, and for nobody who is known. */
class FleetClaimTest {
    @TempDir
    Path temp;

    private House house;

    @BeforeEach
    void open() {
        house = new House(temp.resolve("gatehouse.db")).withFleet();
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void a_fleets_claim_makes_as_many_devices_as_it_has_uses() {
        String secret = claim(2);
        done(house.gadget("p-1").tryEnroll(secret));
        done(house.gadget("p-2").tryEnroll(secret));

        assertThat(reason(house.gadget("p-3").tryEnroll(secret))).isEqualTo(RefusalReason.CLAIM_SPENT);
        assertThat(shown().state(house.clock.instant())).isEqualTo("spent");
        assertThat(shown().used()).isEqualTo(2);
        var third = house.registry.read(view -> view.device(DeviceId.of("p-3")));
        assertThat(third).isEmpty();
    }

    @Test
    void the_same_id_and_key_get_the_same_certificate_again_and_count_once() {
        String secret = claim(2);
        var pump = house.gadget("p-1");
        byte[] first = done(pump.tryEnroll(secret)).der();
        house.clock.advance(Duration.ofDays(2)); // past the claim's end

        assertThat(done(pump.tryEnroll(secret)).der()).isEqualTo(first);
        assertThat(shown().used()).isEqualTo(1);
        assertThat(house.issuer.issued).hasValue(1);
        assertThat(reason(house.gadget("p-2").tryEnroll(secret))).isEqualTo(RefusalReason.CLAIM_EXPIRED);
    }

    @Test
    void another_key_for_an_id_that_has_its_certificate_is_a_mismatch_and_counts_nothing() {
        String secret = claim(2);
        var pump = house.gadget("p-1");
        done(pump.tryEnroll(secret));
        pump.key(Keys.p256());

        assertThat(reason(pump.tryEnroll(secret))).isEqualTo(RefusalReason.KEY_MISMATCH);
        assertThat(shown().used()).isEqualTo(1);
    }

    @Test
    void one_key_is_never_certified_for_a_second_id() {
        String secret = claim(5);
        var first = house.gadget("p-1");
        done(first.tryEnroll(secret));
        var second = house.gadget("p-2");
        second.key(first.key());

        assertThat(reason(second.tryEnroll(secret))).isEqualTo(RefusalReason.KEY_REUSED);
        assertThat(shown().used()).isEqualTo(1);
    }

    @Test
    void what_it_gave_is_given_again_only_while_that_is_good() {
        String secret = claim(5);
        var renewed = house.gadget("p-1");
        renewed.certificate = parse(done(renewed.tryEnroll(secret)));
        var successor = parse(done(renewed.tryRenew(Keys.p256())));
        done(house.describe.describe(List.of(successor)));
        assertThat(reason(renewed.tryEnroll(secret))).isEqualTo(RefusalReason.CLAIM_SPENT);

        var ended = house.gadget("p-2");
        done(ended.tryEnroll(secret));
        house.clock.advance(Duration.ofDays(91));
        assertThat(reason(ended.tryEnroll(secret))).isEqualTo(RefusalReason.CLAIM_SPENT);
    }

    @Test
    void an_id_that_is_known_is_refused_with_the_word_for_it() {
        String secret = claim(20);
        var active = house.gadget("active").enrolled();
        var suspended = house.gadget("suspended").enrolled();
        done(house.devices.suspend(ADMIN, suspended.id()));
        var revoked = house.gadget("revoked").enrolled();
        revoke(revoked);
        var gone = house.gadget("gone").enrolled();
        done(house.devices.decommission(ADMIN, gone.id()));

        for (var known : List.of(active, suspended, revoked, gone)) {
            known.key(Keys.p256());
        }
        assertThat(reason(active.tryEnroll(secret))).isEqualTo(RefusalReason.ALREADY_EXISTS);
        assertThat(reason(house.gadget("ACTIVE").tryEnroll(secret))).isEqualTo(RefusalReason.ALREADY_EXISTS);
        assertThat(reason(suspended.tryEnroll(secret))).isEqualTo(RefusalReason.SUSPENDED);
        assertThat(reason(revoked.tryEnroll(secret))).isEqualTo(RefusalReason.REVOKED);
        assertThat(reason(gone.tryEnroll(secret))).isEqualTo(RefusalReason.DECOMMISSIONED);
        assertThat(shown().used()).isZero();
    }

    @Test
    void a_device_that_came_by_the_fleets_claim_and_was_revoked_does_not_come_back_by_it() {
        String secret = claim(20);
        var pump = house.gadget("p-1");
        done(pump.tryEnroll(secret));
        revoke(pump);

        assertThat(reason(pump.tryEnroll(secret))).isEqualTo(RefusalReason.REVOKED);
        pump.key(Keys.p256());
        assertThat(reason(pump.tryEnroll(secret))).isEqualTo(RefusalReason.KEY_MISMATCH);
    }

    @Test
    void an_id_with_a_claim_of_its_own_is_not_for_the_fleets_claim() {
        String secret = claim(5);
        var pump = house.gadget("p-1");
        var own = pump.claim();
        assertThat(reason(house.gadget("P-1").tryEnroll(secret))).isEqualTo(RefusalReason.ALREADY_EXISTS);
        assertThat(reason(pump.tryEnroll(secret))).isEqualTo(RefusalReason.ALREADY_EXISTS);

        done(house.claims.cancel(ADMIN, own.claim().id()));
        done(pump.tryEnroll(secret));
    }

    @Test
    void only_allowed_ids_may_use_it() {
        String secret = secret(new Claims.NewClaim(
                FLEET,
                Optional.empty(),
                Optional.of(5),
                AllowedIds.parse(List.of("p-*", "x")),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));

        assertThat(reason(house.gadget("q-1").tryEnroll(secret))).isEqualTo(RefusalReason.NOT_ALLOWED);
        assertThat(reason(house.gadget("P-1").tryEnroll(secret))).isEqualTo(RefusalReason.NOT_ALLOWED);
        done(house.gadget("p-1").tryEnroll(secret));
        done(house.gadget("x").tryEnroll(secret));
        assertThat(shown().used()).isEqualTo(2);
    }

    @Test
    void a_claim_bound_to_a_key_and_to_no_device_lets_that_key_choose_its_id_once() {
        var pump = house.gadget("p-1");
        String secret = secret(new Claims.NewClaim(
                FLEET,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.of(Certificates.keyFingerprint(pump.key().getPublic())),
                Optional.empty()));
        var thief = house.gadget("p-2");

        assertThat(reason(thief.tryEnroll(secret))).isEqualTo(RefusalReason.KEY_MISMATCH);
        done(pump.tryEnroll(secret));
        thief.key(pump.key());
        assertThat(reason(thief.tryEnroll(secret))).isEqualTo(RefusalReason.CLAIM_SPENT);
    }

    @Test
    void a_suspended_fleet_takes_nobody_and_a_cancelled_claim_makes_nobody_new() {
        String secret = claim(5);
        var first = house.gadget("p-1");
        byte[] given = done(first.tryEnroll(secret)).der();
        done(house.fleets.suspend(ADMIN, FLEET));
        assertThat(reason(house.gadget("p-2").tryEnroll(secret))).isEqualTo(RefusalReason.SUSPENDED);
        assertThat(reason(first.tryEnroll(secret))).isEqualTo(RefusalReason.SUSPENDED);
        done(house.fleets.resume(ADMIN, FLEET));

        done(house.claims.cancel(ADMIN, shown().id()));
        assertThat(reason(house.gadget("p-2").tryEnroll(secret))).isEqualTo(RefusalReason.CLAIM_CANCELLED);
        assertThat(done(first.tryEnroll(secret)).der()).isEqualTo(given);
    }

    @Test
    void a_claim_that_makes_no_sense_is_not_made() {
        house.fleet(FleetName.of("other"));
        var one = Optional.of(DeviceId.of("p-1"));
        var ids = AllowedIds.parse(List.of("p-*"));
        var key = Optional.of(Fingerprint.sha256(new byte[0]));

        for (var bad : List.of(
                wanted(one, Optional.of(2), Optional.empty(), Optional.empty()),
                wanted(one, Optional.empty(), ids, Optional.empty()),
                wanted(Optional.empty(), Optional.of(0), Optional.empty(), Optional.empty()),
                wanted(Optional.empty(), Optional.of(Claims.MOST_USES + 1), Optional.empty(), Optional.empty()),
                wanted(Optional.empty(), Optional.of(2), Optional.empty(), key))) {
            assertThat(reason(house.claims.create(ADMIN, bad))).isEqualTo(RefusalReason.BAD_REQUEST);
        }
    }

    @Test
    void who_has_the_secret_of_a_fleets_claim_is_told_when_the_id_is_none_and_is_not_throttled() {
        String secret = claim(5);
        for (int i = 0; i < 2 * Throttle.PER_MINUTE; i++) {
            var outcome = house.enroll.enroll(new EnrollmentRequest(
                    Optional.empty(),
                    Optional.of(new EnrollmentRequest.Credentials("a/b", secret)),
                    List.of(),
                    new byte[0],
                    House.SOURCE));
            assertThat(reason(outcome)).isEqualTo(RefusalReason.BAD_REQUEST);
        }
    }

    private static Claims.NewClaim wanted(
            Optional<DeviceId> device, Optional<Integer> uses, Optional<AllowedIds> ids, Optional<Fingerprint> key) {
        return new Claims.NewClaim(FLEET, device, uses, ids, false, Optional.empty(), key, Optional.empty());
    }

    private String claim(int uses) {
        return secret(wanted(Optional.empty(), Optional.of(uses), Optional.empty(), Optional.empty()));
    }

    private String secret(Claims.NewClaim wanted) {
        return done(house.claims.create(ADMIN, wanted)).secret().orElseThrow();
    }

    /** The first claim that was made. */
    private Claim shown() {
        return house
                .registry
                .read(view -> view.claims(Optional.empty(), Optional.empty(), Optional.empty(), 10))
                .stream()
                .filter(claim -> claim.device().isEmpty())
                .findFirst()
                .orElseThrow();
    }

    private void revoke(House.Gadget gadget) {
        done(house.devices.revoke(ADMIN, gadget.id(), RevocationReason.UNSPECIFIED, Duration.ZERO));
    }
}

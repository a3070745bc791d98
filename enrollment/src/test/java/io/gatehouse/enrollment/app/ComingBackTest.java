package io.gatehouse.enrollment.app;

import static io.gatehouse.enrollment.app.House.ADMIN;
import static io.gatehouse.enrollment.app.House.done;
import static io.gatehouse.enrollment.app.House.parse;
import static io.gatehouse.enrollment.app.House.reason;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.app.domain.RenewalWindow;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.identity.RevocationReason;
import io.gatehouse.testkit.Keys;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a device whose certificate has expired or is revoked may get another by that certificate, and how not. */
class ComingBackTest {
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    Path temp;

    private House house;
    private House.Gadget pump;
    private X509Certificate first;

    @BeforeEach
    void open() {
        house = new House(temp.resolve("gatehouse.db")).withFleet();
        pump = house.gadget("pump-1").enrolled();
        first = pump.certificate;
        done(house.describe.describe(List.of(first)));
    }

    @AfterEach
    void close() {
        house.close();
    }

    private void grace(Duration grace) {
        house.rules(new RulesPatch(Optional.empty(), Optional.of(grace), Optional.empty()));
    }

    private void revoke() {
        done(house.devices.revoke(ADMIN, pump.id(), RevocationReason.KEY_COMPROMISE, Duration.ZERO));
    }

    private void reinstate() {
        done(house.devices.reinstate(ADMIN, pump.id()));
    }

    @Test
    void an_expired_certificate_is_renewed_within_the_fleets_grace_and_not_a_moment_later() {
        grace(DAY.multipliedBy(7));
        house.clock.advance(DAY.multipliedBy(96));
        assertThat(reason(house.judged(first))).isEqualTo(RefusalReason.EXPIRED);
        done(house.judged(parse(done(pump.tryRenew(pump.key())))));

        var late = house.gadget("pump-2").enrolled();
        house.clock.advance(Duration.between(
                        house.clock.instant(), late.certificate.getNotAfter().toInstant())
                .plus(DAY.multipliedBy(7)));
        done(late.tryRenew(Keys.p256()));
        house.clock.advance(Duration.ofMillis(1));
        assertThat(reason(late.tryRenew(Keys.p256()))).isEqualTo(RefusalReason.EXPIRED);
    }

    @Test
    void the_grace_is_only_for_what_has_no_other_fault() {
        grace(DAY.multipliedBy(366));
        var superseded = house.gadget("pump-2").enrolled();
        var next = parse(done(superseded.tryRenew(Keys.p256())));
        done(house.describe.describe(List.of(next)));
        var held = house.gadget("pump-3").enrolled();
        done(house.devices.suspend(ADMIN, held.id()));
        done(house.devices.revokeCertificate(ADMIN, pump.sha256(), RevocationReason.UNSPECIFIED, Duration.ZERO));
        house.clock.advance(DAY.multipliedBy(91));

        assertThat(reason(superseded.tryRenew(Keys.p256()))).isEqualTo(RefusalReason.SUPERSEDED);
        assertThat(reason(held.tryRenew(held.key()))).isEqualTo(RefusalReason.SUSPENDED);
        assertThat(reason(pump.tryRenew(pump.key()))).isEqualTo(RefusalReason.REVOKED);
    }

    @Test
    void an_expired_certificate_opens_nothing_but_renewal() {
        grace(DAY.multipliedBy(7));
        house.clock.advance(DAY.multipliedBy(91));
        var renewed = parse(done(pump.tryRenew(pump.key())));

        assertThat(reason(house.judged(first))).isEqualTo(RefusalReason.EXPIRED);
        assertThat(done(house.describe.describe(List.of(first))).reason()).contains(RefusalReason.EXPIRED);
        done(house.describe.describe(List.of(renewed)));
        assertThat(reason(pump.tryRenew(first, Keys.p256()))).isEqualTo(RefusalReason.SUPERSEDED);
    }

    @Test
    void a_revoked_device_stays_out_until_it_is_reinstated_and_then_its_key_enrolls_once() {
        revoke();
        assertThat(reason(pump.tryRenew(pump.key()))).isEqualTo(RefusalReason.REVOKED);
        reinstate();
        assertThat(pump.row().shownState()).isEqualTo("reinstated");
        assertThat(reason(house.judged(first))).isEqualTo(RefusalReason.REVOKED);
        assertThat(reason(pump.tryRenew(Keys.p256()))).isEqualTo(RefusalReason.KEY_MISMATCH);

        var back = parse(done(pump.tryRenew(pump.key())));
        done(house.judged(back));
        assertThat(pump.row().shownState()).isEqualTo("active");
        assertThat(reason(house.judged(first))).as("what is revoked stays so").isEqualTo(RefusalReason.REVOKED);
    }

    @Test
    void a_reinstated_device_whose_answer_was_lost_is_given_the_same_again() {
        revoke();
        reinstate();
        byte[] lost = done(pump.tryRenew(pump.key())).der();

        assertThat(done(pump.tryRenew(pump.key())).der()).isEqualTo(lost);
        assertThat(reason(pump.tryRenew(Keys.p256()))).isEqualTo(RefusalReason.KEY_MISMATCH);
        revoke();
        assertThat(reason(pump.tryRenew(pump.key()))).isEqualTo(RefusalReason.REVOKED);
        reinstate();
        assertThat(done(pump.tryRenew(pump.key())).der()).as("a new one").isNotEqualTo(lost);
    }

    @Test
    void a_device_that_came_back_renews_as_any_other_with_its_key_and_with_another() {
        revoke();
        reinstate();
        var back = parse(done(pump.tryRenew(pump.key())));
        done(house.describe.describe(List.of(back)));
        var second = parse(done(pump.tryRenew(back, pump.key())));
        done(house.describe.describe(List.of(second)));

        done(house.judged(parse(done(pump.tryRenew(second, Keys.p256())))));
        assertThat(reason(pump.tryRenew(first, pump.key()))).isEqualTo(RefusalReason.REVOKED);
    }

    @Test
    void only_the_key_that_the_device_had_when_it_was_revoked_comes_back() {
        var newKey = Keys.p256();
        var second = parse(done(pump.tryRenew(newKey)));
        done(house.describe.describe(List.of(second)));
        revoke();
        reinstate();

        assertThat(reason(pump.tryRenew(first, pump.key()))).isEqualTo(RefusalReason.REVOKED);
        assertThat(reason(pump.tryRenew(first, newKey))).isEqualTo(RefusalReason.REVOKED);
        done(pump.tryRenew(second, newKey));
    }

    @Test
    void a_certificate_that_was_revoked_by_itself_before_is_not_brought_back() {
        done(house.devices.revokeCertificate(ADMIN, pump.sha256(), RevocationReason.KEY_COMPROMISE, Duration.ZERO));
        house.clock.advance(DAY);
        revoke();
        reinstate();

        assertThat(reason(pump.tryRenew(pump.key()))).isEqualTo(RefusalReason.REVOKED);
    }

    @Test
    void a_reinstatement_is_taken_back_by_revoking_again_and_can_be_made_anew() {
        revoke();
        reinstate();
        revoke();
        assertThat(pump.row().shownState()).isEqualTo("revoked");
        assertThat(reason(pump.tryRenew(pump.key()))).isEqualTo(RefusalReason.REVOKED);

        reinstate();
        done(pump.tryRenew(pump.key()));
    }

    @Test
    void only_a_revoked_device_is_reinstated() {
        assertThat(reason(house.devices.reinstate(ADMIN, pump.id()))).isEqualTo(RefusalReason.CONFLICT);
        done(house.devices.decommission(ADMIN, pump.id()));
        assertThat(reason(house.devices.reinstate(ADMIN, pump.id()))).isEqualTo(RefusalReason.DECOMMISSIONED);
    }

    @Test
    void what_ends_a_reinstated_device_ends_its_way_back() {
        revoke();
        reinstate();
        done(house.devices.suspend(ADMIN, pump.id()));
        assertThat(reason(pump.tryRenew(pump.key()))).isEqualTo(RefusalReason.REVOKED);
        done(house.devices.resume(ADMIN, pump.id()));
        done(house.fleets.suspend(ADMIN, House.FLEET));
        assertThat(reason(pump.tryRenew(pump.key()))).isEqualTo(RefusalReason.SUSPENDED);
        done(house.fleets.resume(ADMIN, House.FLEET));
        done(pump.tryRenew(pump.key()));
        done(house.devices.decommission(ADMIN, pump.id()));
        assertThat(reason(pump.tryRenew(pump.key()))).isEqualTo(RefusalReason.DECOMMISSIONED);
    }

    @Test
    void a_reinstated_device_is_told_to_enroll_now() {
        revoke();
        reinstate();
        var told = done(house.describe.describe(List.of(first)));

        assertThat(told.state()).isEqualTo("reinstated");
        assertThat(told.window())
                .isEqualTo(new RenewalWindow(pump.row().updatedAt(), pump.row().updatedAt()));
        var back = parse(done(pump.tryRenew(pump.key())));
        assertThat(done(house.describe.describe(List.of(back))).window().from()).isAfter(house.clock.instant());
    }

    @Test
    void a_claim_made_later_lets_a_reinstated_device_in_too_and_ends_the_reinstatement() {
        revoke();
        reinstate();
        var secret = pump.claim().secret().orElseThrow();
        var oldKey = pump.key();
        assertThat(reason(pump.tryEnroll(secret))).as("a claim wants a new key").isEqualTo(RefusalReason.KEY_REUSED);
        pump.key(Keys.p256());
        done(pump.tryEnroll(secret));

        assertThat(reason(pump.tryRenew(first, oldKey))).isEqualTo(RefusalReason.REVOKED);
    }
}

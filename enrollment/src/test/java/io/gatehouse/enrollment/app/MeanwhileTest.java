package io.gatehouse.enrollment.app;

import static io.gatehouse.enrollment.app.House.ADMIN;
import static io.gatehouse.enrollment.app.House.FLEET;
import static io.gatehouse.enrollment.app.House.done;
import static io.gatehouse.enrollment.app.House.reason;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.enrollment.app.domain.Page;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.identity.RevocationReason;
import io.gatehouse.testkit.Keys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates are signed outside of the transaction: what happens meanwhile decides. */
class MeanwhileTest {
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
    void a_device_revoked_while_its_renewal_is_signed_gets_nothing() {
        var pump = house.gadget("pump-1").enrolled();
        house.issuer.meanwhile =
                () -> done(house.devices.revoke(ADMIN, pump.id, RevocationReason.UNSPECIFIED, Duration.ZERO));

        assertThat(reason(pump.tryRenew(Keys.p256()))).isEqualTo(RefusalReason.REVOKED);
        assertThat(house.certificates(pump.id)).hasSize(1);
    }

    @Test
    void a_claim_cancelled_while_its_certificate_is_signed_gives_nothing() {
        var pump = house.gadget("pump-1");
        var claim = pump.claim();
        house.issuer.meanwhile =
                () -> done(house.claims.cancel(ADMIN, claim.claim().id()));

        assertThat(reason(pump.tryEnroll(claim.secret().orElseThrow()))).isEqualTo(RefusalReason.CLAIM_CANCELLED);
        assertThat(house.certificates(pump.id)).isEmpty();
    }

    @Test
    void a_fleet_suspended_while_a_certificate_is_signed_gives_nothing() {
        var pump = house.gadget("pump-1");
        String secret = pump.claim().secret().orElseThrow();
        house.issuer.meanwhile = () -> done(house.fleets.suspend(ADMIN, FLEET));

        assertThat(reason(pump.tryEnroll(secret))).isEqualTo(RefusalReason.SUSPENDED);
        assertThat(house.certificates(pump.id)).isEmpty();
    }

    @Test
    void what_dies_between_signing_and_storing_leaves_nothing_and_the_claim_still_works() {
        var pump = house.gadget("pump-1");
        String secret = pump.claim().secret().orElseThrow();
        long audited = house.audit.verify().entries();
        house.issuer.meanwhile = () -> {
            throw new IllegalStateException("on purpose");
        };
        assertThatThrownBy(() -> pump.tryEnroll(secret)).hasMessage("on purpose");
        assertThat(house.audit.verify().entries()).isEqualTo(audited);

        house.issuer.meanwhile = () -> {};
        pump.certificate = House.parse(done(pump.tryEnroll(secret)));
        done(house.judged(pump.certificate));
    }

    @Test
    void what_dies_between_signing_and_storing_costs_a_fleets_claim_no_use() {
        String secret = ofFleet(1);
        house.issuer.meanwhile = () -> {
            throw new IllegalStateException("on purpose");
        };
        var pump = house.gadget("p-1");
        assertThatThrownBy(() -> pump.tryEnroll(secret)).hasMessage("on purpose");
        assertThat(done(house.claims.list(Optional.empty(), Optional.empty(), Page.first()))
                        .items()
                        .get(0)
                        .used())
                .isZero();

        house.issuer.meanwhile = () -> {};
        done(house.gadget("p-2").tryEnroll(secret));
    }

    @Test
    void a_fleets_claim_whose_last_use_goes_while_a_certificate_is_signed_gives_nothing() {
        String secret = ofFleet(1);
        var quick = house.gadget("p-2");
        house.issuer.meanwhile = () -> {
            house.issuer.meanwhile = () -> {};
            done(quick.tryEnroll(secret));
        };
        var slow = house.gadget("p-1");

        assertThat(reason(slow.tryEnroll(secret))).isEqualTo(RefusalReason.CLAIM_SPENT);
        assertThat(house.certificates(slow.id)).isEmpty();
        assertThat(house.certificates(quick.id)).hasSize(1);
    }

    private String ofFleet(int uses) {
        return done(house.claims.create(
                        ADMIN,
                        new Claims.NewClaim(
                                FLEET,
                                Optional.empty(),
                                Optional.of(uses),
                                Optional.empty(),
                                false,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty())))
                .secret()
                .orElseThrow();
    }

    @Test
    void a_clock_that_was_set_back_breaks_neither_order_nor_chain() {
        house.gadget("pump-1").enrolled();
        house.clock.advance(Duration.ofDays(-30));
        house.gadget("pump-2").enrolled();

        assertThat(house.audit.verify().holds()).isTrue();
        assertThat(house.toldSince(0)).hasSizeGreaterThan(4);
    }
}

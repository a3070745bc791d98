package io.gatehouse.enrollment.app;

import static io.gatehouse.enrollment.app.House.ADMIN;
import static io.gatehouse.enrollment.app.House.FLEET;
import static io.gatehouse.enrollment.app.House.done;
import static io.gatehouse.enrollment.app.House.reason;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.app.RulesPatch.FactoryPatch;
import io.gatehouse.enrollment.app.domain.EnrollmentRules;
import io.gatehouse.enrollment.app.domain.FactoryRule;
import io.gatehouse.enrollment.app.domain.FactoryRule.IdSource;
import io.gatehouse.enrollment.app.domain.Fleet;
import io.gatehouse.enrollment.app.domain.KeyKind;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.testkit.Keys;
import io.gatehouse.testkit.TestAuthority;
import io.gatehouse.x509.Pem;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetRulesTest {
    private static final String MAKER = Pem.write(TestAuthority.root("Maker").certificate());

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
    void a_fleet_that_says_nothing_takes_the_keys_of_the_contract_and_no_factory_certificate() {
        assertThat(rules()).isEqualTo(EnrollmentRules.DEFAULT);
        assertThat(rules().keys())
                .extracting(KeyKind::word)
                .containsExactly("P-256", "P-384", "P-521", "Ed25519", "RSA-2048");
    }

    @Test
    void rules_are_read_back_as_they_were_set_and_what_is_not_named_stays() {
        house.rules(
                new RulesPatch(Optional.of(EnumSet.of(KeyKind.P384)), Optional.of(Duration.ofDays(7)), factory(MAKER)));
        house.rules(new RulesPatch(
                Optional.empty(),
                Optional.empty(),
                Optional.of(new FactoryPatch(
                        false, Optional.empty(), Optional.of(IdSource.COMMON_NAME), Optional.of(true)))));

        assertThat(rules())
                .isEqualTo(new EnrollmentRules(
                        Set.of(KeyKind.P384),
                        Duration.ofDays(7),
                        Optional.of(new FactoryRule(MAKER, IdSource.COMMON_NAME, true))));
        house.rules(new RulesPatch(Optional.empty(), Optional.empty(), Optional.of(FactoryPatch.REMOVED)));
        assertThat(rules().factory()).isEmpty();
        assertThat(rules().expiredGrace()).isEqualTo(Duration.ofDays(7));
    }

    @Test
    void rules_have_bounds() {
        var device = Pem.write(TestAuthority.root("Maker").device("d-1").certificate());

        assertThat(reason(change(new RulesPatch(Optional.of(Set.of()), Optional.empty(), Optional.empty()))))
                .isEqualTo(RefusalReason.BAD_REQUEST);
        assertThat(reason(change(
                        new RulesPatch(Optional.empty(), Optional.of(Duration.ofSeconds(-1)), Optional.empty()))))
                .isEqualTo(RefusalReason.BAD_REQUEST);
        assertThat(reason(
                        change(new RulesPatch(Optional.empty(), Optional.of(Duration.ofDays(367)), Optional.empty()))))
                .isEqualTo(RefusalReason.BAD_REQUEST);
        for (var anchors : new String[] {
            "", "no PEM", device, MAKER + device, String.join("", Collections.nCopies(17, MAKER)), " ".repeat(70_000)
        }) {
            assertThat(reason(change(new RulesPatch(Optional.empty(), Optional.empty(), factory(anchors)))))
                    .isEqualTo(RefusalReason.BAD_REQUEST);
        }
        assertThat(reason(change(new RulesPatch(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(new FactoryPatch(false, Optional.empty(), Optional.empty(), Optional.of(true)))))))
                .as("no anchors yet")
                .isEqualTo(RefusalReason.BAD_REQUEST);
        assertThat(rules()).isEqualTo(EnrollmentRules.DEFAULT);
    }

    @Test
    void a_new_certificate_is_made_only_for_a_key_that_the_fleet_takes() {
        house.rules(new RulesPatch(
                Optional.of(EnumSet.of(KeyKind.P384, KeyKind.RSA_3072)), Optional.empty(), Optional.empty()));

        assertThat(reason(enrolling("pump-1", Keys.p256()))).isEqualTo(RefusalReason.WEAK_KEY);
        assertThat(reason(enrolling("pump-1", Keys.rsa(2048)))).isEqualTo(RefusalReason.WEAK_KEY);
        done(enrolling("pump-1", Keys.p384()));
        done(enrolling("pump-2", Keys.rsa(3072)));
    }

    @Test
    void a_renewal_follows_the_rules_of_now_and_a_repeated_request_those_of_then() {
        var pump = house.gadget("pump-1").enrolled();
        var claim = house.gadget("pump-2").claim();
        var other = house.gadget("pump-2");
        done(other.tryEnroll(claim.secret().orElseThrow()));
        house.rules(new RulesPatch(Optional.of(EnumSet.of(KeyKind.P384)), Optional.empty(), Optional.empty()));

        assertThat(reason(pump.tryRenew(pump.key()))).isEqualTo(RefusalReason.WEAK_KEY);
        done(pump.tryRenew(Keys.p384()));
        done(other.tryEnroll(claim.secret().orElseThrow()));
    }

    private Outcome<Enrolled> enrolling(String id, KeyPair key) {
        var gadget = house.gadget(id);
        gadget.key(key);
        return gadget.tryEnroll(gadget.claim().secret().orElseThrow());
    }

    private EnrollmentRules rules() {
        return done(house.fleets.get(FLEET)).rules();
    }

    private Outcome<Fleet> change(RulesPatch change) {
        return house.fleets.patch(
                ADMIN, FLEET, new Fleets.Patch(Optional.empty(), Optional.empty(), Optional.empty(), change));
    }

    private static Optional<FactoryPatch> factory(String anchors) {
        return Optional.of(new FactoryPatch(false, Optional.of(anchors), Optional.empty(), Optional.empty()));
    }
}

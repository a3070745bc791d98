package io.gatehouse.enrollment.app;

import static io.gatehouse.enrollment.app.House.ADMIN;
import static io.gatehouse.enrollment.app.House.FLEET;
import static io.gatehouse.enrollment.app.House.SOURCE;
import static io.gatehouse.enrollment.app.House.done;
import static io.gatehouse.enrollment.app.House.parse;
import static io.gatehouse.enrollment.app.House.reason;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.app.Maker.Idevid;
import io.gatehouse.enrollment.app.RulesPatch.FactoryPatch;
import io.gatehouse.enrollment.app.domain.FactoryRule.IdSource;
import io.gatehouse.enrollment.app.domain.KeyKind;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.identity.RevocationReason;
import io.gatehouse.testkit.Keys;
import io.gatehouse.x509.Pem;
import io.gatehouse.x509.Pkcs10Request;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A factory certificate opens the door once, for an id that was never seen, by the rules of a fleet claim. */
class FactoryEnrollmentTest {
    private static final Maker MAKER = Maker.root("Maker");
    private static final DeviceId PUMP = DeviceId.of("pump-1");

    @TempDir
    Path temp;

    private House house;
    private final Idevid idevid = MAKER.device("pump-1");
    private final KeyPair key = Keys.p256();

    @BeforeEach
    void open() {
        house = new House(temp.resolve("gatehouse.db")).withFleet();
        trust(FLEET, MAKER);
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void enrolls_the_device_that_its_serial_number_names_for_a_new_key_or_for_the_factorys() {
        var certificate = parse(done(enroll(idevid, key)));
        done(house.judged(certificate));
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=pump-1");

        var other = MAKER.device("pump-2");
        assertThat(parse(done(enroll(other, other.key()))).getPublicKey())
                .isEqualTo(other.key().getPublic());
        assertThat(house.certificates(PUMP)).hasSize(1);
    }

    @Test
    void the_same_key_gets_the_same_certificate_again_and_another_key_none() {
        byte[] first = done(enroll(idevid, key)).der();

        assertThat(done(enroll(idevid, key)).der()).isEqualTo(first);
        assertThat(reason(enroll(idevid, Keys.p256()))).isEqualTo(RefusalReason.KEY_MISMATCH);
    }

    @Test
    void of_two_requests_that_race_one_wins() {
        house.issuer.meanwhile = () -> {
            house.issuer.meanwhile = () -> {};
            done(enroll(idevid, key));
        };

        assertThat(reason(enroll(idevid, Keys.p256()))).isEqualTo(RefusalReason.KEY_MISMATCH);
        assertThat(house.certificates(PUMP)).hasSize(1);
    }

    @Test
    void a_renewed_device_does_not_begin_anew() {
        var first = parse(done(enroll(idevid, key)));
        var pump = house.gadget("pump-1");
        var second = parse(done(pump.tryRenew(first, Keys.p256())));
        done(house.describe.describe(List.of(second)));

        assertThat(reason(enroll(idevid, key))).isEqualTo(RefusalReason.CLAIM_SPENT);
        assertThat(reason(enroll(idevid, Keys.p256()))).isEqualTo(RefusalReason.KEY_MISMATCH);
    }

    @Test
    void a_device_that_came_in_otherwise_is_not_taken_over_not_even_with_its_key() {
        var pump = house.gadget("pump-1").enrolled();

        assertThat(reason(enroll(idevid, key))).isEqualTo(RefusalReason.ALREADY_EXISTS);
        assertThat(reason(enroll(idevid, pump.key()))).isEqualTo(RefusalReason.ALREADY_EXISTS);
        assertThat(reason(enroll(MAKER.device("PUMP-1"), key))).isEqualTo(RefusalReason.NAME_MISMATCH);
        done(house.judged(pump.certificate));
    }

    @Test
    void a_second_certificate_of_the_maker_for_the_same_serial_number_is_refused() {
        done(enroll(idevid, key));

        assertThat(reason(enroll(MAKER.device("pump-1"), Keys.p256()))).isEqualTo(RefusalReason.ALREADY_EXISTS);
    }

    @Test
    void one_factory_certificate_makes_one_device_also_when_the_rule_reads_another_name() {
        var both = MAKER.device("SERIALNUMBER=pump-1,CN=pump-9", order -> {});
        done(enroll(both, key));
        house.rules(factory(
                new FactoryPatch(false, Optional.empty(), Optional.of(IdSource.COMMON_NAME), Optional.empty())));

        assertThat(reason(enroll(both, Keys.p256()))).isEqualTo(RefusalReason.NAME_MISMATCH);
    }

    @Test
    void a_revoked_device_does_not_come_back_with_it_until_it_is_reinstated_and_then_once_with_its_key() {
        var first = parse(done(enroll(idevid, key)));
        done(house.devices.revoke(ADMIN, PUMP, RevocationReason.KEY_COMPROMISE, Duration.ZERO));
        assertThat(reason(enroll(idevid, key))).isEqualTo(RefusalReason.REVOKED);
        assertThat(reason(enroll(idevid, Keys.p256()))).isEqualTo(RefusalReason.REVOKED);
        assertThat(reason(enroll(MAKER.device("pump-1"), Keys.p256()))).isEqualTo(RefusalReason.REVOKED);

        done(house.devices.reinstate(ADMIN, PUMP));
        assertThat(reason(enroll(idevid, Keys.p256()))).isEqualTo(RefusalReason.KEY_MISMATCH);
        byte[] back = done(enroll(idevid, key)).der();
        assertThat(done(enroll(idevid, key)).der()).isEqualTo(back);
        assertThat(reason(house.judged(first))).isEqualTo(RefusalReason.REVOKED);
        done(house.devices.revoke(ADMIN, PUMP, RevocationReason.UNSPECIFIED, Duration.ZERO));
        assertThat(reason(enroll(idevid, key))).isEqualTo(RefusalReason.REVOKED);
    }

    @Test
    void what_ends_a_device_or_a_fleet_ends_this_way_in_too() {
        done(enroll(idevid, key));
        done(house.devices.suspend(ADMIN, PUMP));
        assertThat(reason(enroll(idevid, key))).isEqualTo(RefusalReason.SUSPENDED);
        done(house.devices.decommission(ADMIN, PUMP));
        assertThat(reason(enroll(idevid, key))).isEqualTo(RefusalReason.DECOMMISSIONED);
        done(house.fleets.suspend(ADMIN, FLEET));
        assertThat(reason(enroll(MAKER.device("pump-2"), Keys.p256()))).isEqualTo(RefusalReason.SUSPENDED);
    }

    @Test
    void a_request_that_waits_for_approval_does_not_keep_the_device_of_the_maker_out() {
        var squatter = house.gadget("pump-1");
        var claim = new Claims.NewClaim(
                FLEET,
                Optional.empty(),
                Optional.of(5),
                Optional.empty(),
                true,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        var secret = done(house.claims.create(ADMIN, claim)).secret().orElseThrow();
        assertThat(reason(squatter.tryEnroll(secret))).isEqualTo(RefusalReason.PENDING);

        done(enroll(idevid, key));
        assertThat(reason(squatter.tryEnroll(secret))).isNotEqualTo(RefusalReason.PENDING);
        assertThat(squatter.row().shownState()).isEqualTo("active");
        assertThat(house.certificates(PUMP)).hasSize(1);
    }

    @Test
    void a_key_that_was_barred_is_not_certified_again() {
        var pump = house.gadget("pump-7").enrolled();
        done(house.devices.revoke(ADMIN, pump.id(), RevocationReason.KEY_COMPROMISE, Duration.ZERO));

        assertThat(reason(enroll(idevid, pump.key()))).isEqualTo(RefusalReason.KEY_REUSED);
    }

    @Test
    void the_request_may_be_nameless_or_carry_the_devices_id_or_the_factory_certificates_own_subject() {
        done(enroll(idevid, Optional.of(FLEET), Requests.nameless(key)));
        var other = MAKER.device("SERIALNUMBER=pump-2", order -> {});
        var subject = other.leaf().getSubjectX500Principal();

        assertThat(reason(enroll(
                        other,
                        Optional.of(FLEET),
                        Requests.named(key, idevid.leaf().getSubjectX500Principal()))))
                .isEqualTo(RefusalReason.NAME_MISMATCH);
        assertThat(reason(enroll(other, Optional.of(FLEET), Pkcs10Request.create(key, "pump-1"))))
                .isEqualTo(RefusalReason.NAME_MISMATCH);
        done(enroll(other, Optional.of(FLEET), Requests.named(Keys.p256(), subject)));
    }

    @Test
    void the_fleet_is_that_of_the_label_or_the_only_one_that_trusts_the_maker() {
        var valves = FleetName.of("valves");
        house.fleet(valves);
        assertThat(reason(enroll(idevid, Optional.of(valves), request()))).isEqualTo(RefusalReason.UNKNOWN_ISSUER);
        assertThat(reason(enroll(idevid, Optional.of(FleetName.of("none")), request())))
                .isEqualTo(RefusalReason.UNKNOWN_FLEET);

        trust(valves, MAKER);
        assertThat(reason(enroll(idevid, Optional.empty(), request()))).isEqualTo(RefusalReason.WRONG_FLEET);
        done(enroll(idevid, Optional.of(valves), request()));
        assertThat(reason(enroll(idevid, Optional.of(FLEET), request()))).isEqualTo(RefusalReason.WRONG_FLEET);

        house.rules(factory(FactoryPatch.REMOVED));
        done(enroll(MAKER.device("pump-2"), Optional.empty(), Requests.nameless(Keys.p256())));
        assertThat(house.registry
                        .read(view -> view.device(DeviceId.of("pump-2")))
                        .orElseThrow()
                        .fleet())
                .isEqualTo(valves);
    }

    @Test
    void a_maker_of_the_same_name_without_the_key_opens_nothing() {
        assertThat(reason(enroll(Maker.root("Maker").device("pump-1"), key))).isEqualTo(RefusalReason.UNKNOWN_ISSUER);
        assertThat(house.certificates(PUMP)).isEmpty();
    }

    @Test
    void the_fleets_key_rules_hold_here_too() {
        house.rules(new RulesPatch(Optional.of(EnumSet.of(KeyKind.P384)), Optional.empty(), Optional.empty()));

        assertThat(reason(enroll(idevid, key))).isEqualTo(RefusalReason.WEAK_KEY);
        done(enroll(idevid, Keys.p384()));
    }

    @Test
    void a_claim_and_a_factory_certificate_on_one_request_must_name_the_same_device() {
        var pump = house.gadget("pump-1");
        var secret = pump.claim().secret().orElseThrow();
        var other = MAKER.device("pump-2").chain();

        assertThat(reason(house.enroll.enroll(pump.request(secret, other, Pkcs10Request.create(key, "pump-1")))))
                .isEqualTo(RefusalReason.NAME_MISMATCH);
        done(house.enroll.enroll(pump.request(secret, idevid.chain(), Pkcs10Request.create(key, "pump-1"))));
    }

    @Test
    void a_claim_of_one_fleet_and_a_factory_certificate_of_another_do_not_agree() {
        var other = FleetName.of("other");
        house.fleet(other);
        var pump = house.gadget("pump-1");
        var secret = done(house.claims.create(ADMIN, Claims.NewClaim.of(other, pump.id)))
                .secret()
                .orElseThrow();

        assertThat(reason(
                        house.enroll.enroll(pump.request(secret, idevid.chain(), Pkcs10Request.create(key, "pump-1")))))
                .isEqualTo(RefusalReason.UNKNOWN_ISSUER);
    }

    @Test
    void a_factory_certificate_renews_nothing_and_asks_for_nothing_of_its_own() {
        done(enroll(idevid, key));
        var request = new EnrollmentRequest(Optional.empty(), Optional.empty(), idevid.chain(), request(), SOURCE);

        assertThat(reason(house.reenroll.reenroll(request))).isEqualTo(RefusalReason.UNKNOWN_ISSUER);
        assertThat(reason(house.describe.describe(idevid.chain()))).isEqualTo(RefusalReason.UNKNOWN_ISSUER);
    }

    private byte[] request() {
        return Requests.nameless(key);
    }

    private Outcome<Enrolled> enroll(Idevid device, KeyPair newKey) {
        return enroll(device, Optional.empty(), Requests.nameless(newKey));
    }

    private Outcome<Enrolled> enroll(Idevid device, Optional<FleetName> label, byte[] pkcs10) {
        return house.enroll.enroll(new EnrollmentRequest(label, Optional.empty(), device.chain(), pkcs10, SOURCE));
    }

    private void trust(FleetName fleet, Maker maker) {
        var patch =
                new FactoryPatch(false, Optional.of(Pem.write(maker.certificate)), Optional.empty(), Optional.empty());
        done(house.fleets.patch(
                ADMIN, fleet, new Fleets.Patch(Optional.empty(), Optional.empty(), Optional.empty(), factory(patch))));
    }

    private static RulesPatch factory(FactoryPatch patch) {
        return new RulesPatch(Optional.empty(), Optional.empty(), Optional.of(patch));
    }
}

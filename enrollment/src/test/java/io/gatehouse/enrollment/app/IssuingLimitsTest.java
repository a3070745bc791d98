package io.gatehouse.enrollment.app;

import static io.gatehouse.enrollment.app.House.ADMIN;
import static io.gatehouse.enrollment.app.House.B1;
import static io.gatehouse.enrollment.app.House.FLEET;
import static io.gatehouse.enrollment.app.House.done;
import static io.gatehouse.enrollment.app.House.parse;
import static io.gatehouse.enrollment.app.House.reason;
import static io.gatehouse.enrollment.app.IssuingLimits.OF_A_BROKER;
import static io.gatehouse.enrollment.app.IssuingLimits.OF_A_DEVICE;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.testkit.Keys;
import io.gatehouse.x509.Certificates;
import io.gatehouse.x509.Pkcs10Request;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever holds one stolen key fills neither the registry nor the brokers, and holds up nobody who keeps to the rules. */
class IssuingLimitsTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    Path temp;

    private House house;
    private House.Gadget pump;

    @BeforeEach
    void open() {
        house = new House(temp.resolve("gatehouse.db")).withFleet();
        house.broker(B1);
        pump = house.gadget("pump-1").enrolled();
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void a_device_that_asks_with_ever_new_keys_is_refused_and_leaves_no_more_behind() {
        KeyPair last = takeAll();
        long revision = house.revision();
        long audited = audited();

        for (int i = 0; i < 5; i++) {
            assertThat(reason(pump.tryRenew(Keys.p256()))).isEqualTo(RefusalReason.TOO_MANY_REQUESTS);
        }
        assertThat(house.certificates(pump.id())).hasSize(OF_A_DEVICE);
        assertThat(house.revision()).isEqualTo(revision);
        assertThat(audited()).isEqualTo(audited);
        // what it has is as good as before, and what may have been lost on the way is told again
        done(house.judged(pump.certificate));
        var again = parse(done(pump.tryRenew(last)));
        assertThat(Certificates.fingerprint(again)).isEqualTo(newest());
        done(house.describe.describe(List.of(again)));
        assertThat(house.row(again).state()).isEqualTo(CertificateState.VALID);
    }

    @Test
    void asking_again_for_the_same_key_counts_nothing() {
        var key = Keys.p256();
        for (int i = 0; i < 3 * OF_A_DEVICE; i++) {
            done(pump.tryRenew(key));
        }

        done(pump.tryRenew(Keys.p256()));
    }

    @Test
    void one_device_holds_up_no_other_and_itself_for_an_hour_only() {
        var other = house.gadget("pump-2").enrolled();
        takeAll();

        assertThat(reason(pump.tryRenew(Keys.p256()))).isEqualTo(RefusalReason.TOO_MANY_REQUESTS);
        done(other.tryRenew(Keys.p256()));
        house.clock.advance(HOUR);
        done(pump.tryRenew(Keys.p256()));
    }

    @Test
    void a_fleet_of_short_lived_certificates_renews_as_often_as_it_must() {
        var life = Duration.ofMinutes(2);
        done(house.fleets.patch(
                ADMIN,
                FLEET,
                new Fleets.Patch(Optional.of(life), Optional.empty(), Optional.empty(), RulesPatch.NONE)));
        pump = house.gadget("pump-3").enrolled();

        for (int i = 0; i < 3 * OF_A_DEVICE; i++) {
            house.clock.advance(life.dividedBy(2));
            pump.certificate = parse(done(pump.tryRenew(Keys.p256())));
        }
    }

    @Test
    void of_requests_that_race_none_goes_beyond_the_limit() {
        for (int i = 2; i < OF_A_DEVICE; i++) {
            done(pump.tryRenew(Keys.p256()));
        }
        // both found room for one more before they were signed
        house.issuer.meanwhile = () -> {
            house.issuer.meanwhile = () -> {};
            done(pump.tryRenew(Keys.p256()));
        };

        assertThat(reason(pump.tryRenew(Keys.p256()))).isEqualTo(RefusalReason.TOO_MANY_REQUESTS);
        assertThat(house.certificates(pump.id())).hasSize(OF_A_DEVICE);
    }

    @Test
    void a_clock_that_is_set_back_locks_nobody_out_and_opens_the_same_number_once() {
        takeAll();
        house.clock.advance(Duration.ofDays(-30));
        var early = house.gadget("pump-2").enrolled();
        house.clock.advance(Duration.ofDays(30));
        assertThat(reason(pump.tryRenew(Keys.p256()))).isEqualTo(RefusalReason.TOO_MANY_REQUESTS);

        // within the five minutes that certificates are backdated
        house.clock.advance(Duration.ofMinutes(-4));
        for (int i = 0; i < OF_A_DEVICE; i++) {
            done(pump.tryRenew(Keys.p256()));
        }
        assertThat(reason(pump.tryRenew(Keys.p256()))).isEqualTo(RefusalReason.TOO_MANY_REQUESTS);
        done(early.tryRenew(Keys.p256()));
    }

    @Test
    void a_clock_that_was_set_forward_for_a_while_does_not_open_for_good() {
        takeAll();
        house.clock.advance(Duration.ofHours(2));
        done(pump.tryRenew(Keys.p256()));
        house.clock.advance(Duration.ofHours(-2));

        assertThat(reason(pump.tryRenew(Keys.p256()))).isEqualTo(RefusalReason.TOO_MANY_REQUESTS);
    }

    @Test
    void an_administrators_word_is_not_held_up() {
        takeAll();
        house.revoke(pump);
        pump.key(Keys.p256());

        done(house.judged(pump.enrolled().certificate));
        house.revoke(pump);
        done(house.devices.reinstate(House.ADMIN, pump.id()));
        done(house.judged(parse(done(pump.tryRenew(pump.key())))));
    }

    @Test
    void an_administrator_sees_who_asks_for_too_many_as_long_as_it_goes_on() {
        takeAll();
        assertThat(house.limits.alarm()).isEmpty();

        pump.tryRenew(Keys.p256());
        assertThat(house.limits.alarm()).contains(new IssuingLimits.Alarm("device pump-1", house.clock.instant()));
        house.clock.advance(IssuingLimits.ALARM_LASTS);
        assertThat(house.limits.alarm()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void a_broker_that_asks_on_and_on_is_refused_for_a_day_and_holds_up_no_other(Brokers.Use use) {
        var b2 = BrokerName.of("b2");
        house.broker(b2);
        var given = new ArrayList<X509Certificate>();
        for (int i = 0; i < OF_A_BROKER; i++) {
            given.add(done(renew(B1, use)));
        }
        long audited = audited();

        assertThat(reason(renew(B1, use))).isEqualTo(RefusalReason.TOO_MANY_REQUESTS);
        assertThat(audited()).isEqualTo(audited);
        assertThat(house.limits.alarm()).map(IssuingLimits.Alarm::who).contains("broker b1");
        done(renew(b2, use));
        if (use == Brokers.Use.FEED) {
            assertThat(done(house.brokers.identify(given.subList(0, 1)))).isEqualTo(B1);
        }
        house.clock.advance(Duration.ofDays(-3));
        done(renew(B1, use));
        house.clock.advance(Duration.ofDays(4).plusSeconds(1));
        done(renew(B1, use));
    }

    /** What this machine's own broker lacks is made by who holds the CA's key; a start that fails again and again ends some day. */
    @Test
    void what_the_house_makes_for_its_own_broker_is_not_held_up() {
        for (int i = 0; i < OF_A_BROKER; i++) {
            done(renew(B1, Brokers.Use.FEED));
        }

        done(house.brokers.certificate(B1, Brokers.Use.FEED, Pkcs10Request.create(Keys.p256(), "b1")));
    }

    /** All that it gets in an hour: the first it has already. The key of the last. */
    private KeyPair takeAll() {
        KeyPair key = pump.key();
        for (int i = 1; i < OF_A_DEVICE; i++) {
            key = Keys.p256();
            done(pump.tryRenew(key));
        }
        return key;
    }

    private Outcome<X509Certificate> renew(BrokerName broker, Brokers.Use use) {
        return house.brokers.renew(broker, use, Pkcs10Request.create(Keys.p256(), broker.value()));
    }

    private Fingerprint newest() {
        return house.certificates(pump.id()).get(0).sha256();
    }

    private long audited() {
        return house.registry.read(view -> view.audit(0, 10_000)).size();
    }
}

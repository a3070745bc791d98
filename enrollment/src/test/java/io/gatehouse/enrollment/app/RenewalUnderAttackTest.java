package io.gatehouse.enrollment.app;

import static io.gatehouse.enrollment.app.House.B1;
import static io.gatehouse.enrollment.app.House.done;
import static io.gatehouse.enrollment.app.House.parse;
import static io.gatehouse.enrollment.app.House.reason;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.app.domain.Proof;
import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.testkit.Keys;
import io.gatehouse.x509.Certificates;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What lost answers, brokers that lie, races and clocks do to a renewal: a device that keeps to the two phases always gets on. */
class RenewalUnderAttackTest {
    @TempDir
    Path temp;

    private House house;
    private House.Gadget pump;
    private X509Certificate first;

    @BeforeEach
    void open() {
        house = new House(temp.resolve("gatehouse.db")).withFleet();
        house.broker(B1);
        pump = house.gadget("pump-1").enrolled();
        first = pump.certificate;
        done(house.describe.describe(List.of(first)));
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void of_two_renewals_that_race_with_one_key_both_get_the_same_certificate() {
        var key = Keys.p256();
        var other = new ArrayList<byte[]>();
        house.issuer.meanwhile = () -> {
            house.issuer.meanwhile = () -> {};
            other.add(done(pump.tryRenew(key)).der());
        };

        assertThat(done(pump.tryRenew(key)).der()).isEqualTo(other.get(0));
        assertThat(live()).hasSize(2);
    }

    @Test
    void of_two_renewals_that_race_with_two_keys_the_later_replaces_the_earlier_and_the_old_one_stays() {
        var other = new ArrayList<X509Certificate>();
        house.issuer.meanwhile = () -> {
            house.issuer.meanwhile = () -> {};
            other.add(parse(done(pump.tryRenew(Keys.p256()))));
        };
        var later = parse(done(pump.tryRenew(Keys.p256())));

        assertThat(reason(house.judged(other.get(0)))).isEqualTo(RefusalReason.SUPERSEDED);
        done(house.judged(later));
        done(house.judged(first));
        assertThat(live()).hasSize(2);
    }

    @Test
    void a_renewal_that_is_proven_while_another_is_signed_wins() {
        var key = Keys.p256();
        var proven = new ArrayList<X509Certificate>();
        house.issuer.meanwhile = () -> {
            house.issuer.meanwhile = () -> {};
            proven.add(parse(done(pump.tryRenew(key))));
            done(house.describe.describe(proven));
        };

        assertThat(reason(pump.tryRenew(Keys.p256()))).isEqualTo(RefusalReason.SUPERSEDED);
        done(house.judged(proven.get(0)));
        assertThat(live()).hasSize(1);
    }

    @Test
    void a_successor_of_a_successor_proves_the_one_that_it_was_asked_with_and_ends_the_oldest() {
        var second = parse(done(pump.tryRenew(Keys.p256())));
        var third = parse(done(pump.tryRenew(second, Keys.p256())));

        assertThat(house.row(second).proof()).isEqualTo(Proof.SERVICE);
        assertThat(house.row(third).proof()).isEqualTo(Proof.NONE);
        assertThat(reason(house.judged(first))).isEqualTo(RefusalReason.SUPERSEDED);
        assertThat(reason(pump.tryRenew(first, Keys.p256()))).isEqualTo(RefusalReason.SUPERSEDED);
        done(house.judged(second));
        done(house.describe.describe(List.of(third)));
        assertThat(live()).hasSize(1);
    }

    @Test
    void a_clock_that_is_set_back_between_the_phases_takes_nothing_away() {
        house.clock.advance(Duration.ofDays(60));
        var key = Keys.p256();
        var second = parse(done(pump.tryRenew(key)));
        house.clock.advance(Duration.ofDays(-30));
        var told = done(house.describe.describe(List.of(second)));
        assertThat(told.reason()).contains(RefusalReason.NOT_YET_VALID);
        done(house.judged(first));
        assertThat(done(pump.tryRenew(key)).der()).as("the same again").isEqualTo(Certificates.der(second));

        house.clock.advance(Duration.ofDays(31));
        done(house.describe.describe(List.of(second)));
        assertThat(reason(house.judged(first))).isEqualTo(RefusalReason.SUPERSEDED);
    }

    @Test
    void a_device_that_a_brokers_report_shut_out_is_told_to_renew_at_once_and_gets_in_again() {
        var stolen = Keys.p256();
        lie(parse(done(pump.tryRenew(stolen))));
        var told = done(house.describe.describe(List.of(first)));
        assertThat(told.reason()).contains(RefusalReason.SUPERSEDED);
        assertThat(told.window().until()).isBeforeOrEqualTo(house.clock.instant());

        var next = parse(done(pump.tryRenew(Keys.p256())));
        assertThat(done(house.describe.describe(List.of(next))).reason()).isEmpty();
        assertThat(house.row(next).shownState()).isEqualTo(CertificateState.VALID);
    }

    /** Any order of renewals, lost answers, proofs, lies of a broker and claims: what the device holds always renews. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void nobody_but_an_administrator_takes_the_identity_of_a_device_that_keeps_to_the_rules(long seed) {
        var random = new Random(seed);
        X509Certificate current = first;
        KeyPair begun = Keys.p256();
        for (int step = 0; step < 40; step++) {
            switch (random.nextInt(6)) {
                case 0 -> lie(parsed(random));
                case 1 -> done(pump.tryRenew(current, begun)); // the answer is lost
                case 2 -> begun = Keys.p256();
                case 3 -> house.clock.advance(Duration.ofSeconds(random.nextInt(3600)));
                case 4 -> {
                    var successor = parse(done(pump.tryRenew(current, begun)));
                    if (random.nextBoolean()) {
                        lie(successor);
                    }
                    assertThat(done(house.describe.describe(List.of(successor))).reason())
                            .isEmpty();
                    current = successor;
                    begun = Keys.p256();
                }
                default -> house.describe.describe(List.of(current));
            }
            done(house.judged(current));
            assertThat(live()).hasSizeBetween(1, 2);
        }
        done(pump.tryRenew(current, begun));
    }

    private X509Certificate parsed(Random random) {
        var all = house.certificates(pump.id());
        var row = all.get(random.nextInt(all.size()));
        return parse(house.registry.read(view -> Enrolled.of(view, row)));
    }

    private void lie(X509Certificate certificate) {
        house.reports.accept(
                B1, house.report(house.revision(), List.of(), List.of(Certificates.fingerprint(certificate))));
    }

    private List<io.gatehouse.enrollment.app.domain.DeviceCertificate> live() {
        return house.registry.read(view -> view.liveCertificatesOf(pump.id()));
    }
}

package io.gatehouse.enrollment.app;

import static io.gatehouse.enrollment.app.House.B1;
import static io.gatehouse.enrollment.app.House.done;
import static io.gatehouse.enrollment.app.House.parse;
import static io.gatehouse.enrollment.app.House.reason;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.admission.feed.Entry.CertificateEntry;
import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.Proof;
import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.identity.RevocationReason;
import io.gatehouse.testkit.Keys;
import io.gatehouse.x509.Certificates;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two-phase renewal: neither a lost answer nor a lying broker costs a device its identity. */
class RenewalTest {
    @TempDir
    Path temp;

    private House house;
    private House.Gadget pump;
    private X509Certificate old;

    @BeforeEach
    void open() {
        house = new House(temp.resolve("gatehouse.db")).withFleet();
        house.broker(B1);
        pump = house.gadget("pump-1").enrolled();
        old = pump.certificate;
        done(house.describe.describe(List.of(old)));
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void the_old_certificate_stays_good_until_the_new_one_is_proven_to_the_service() {
        var renewed = parse(done(pump.tryRenew(Keys.p256())));
        done(house.judged(old));
        done(house.judged(renewed));
        done(house.describe.describe(List.of(old)));
        done(house.judged(renewed));

        assertThat(done(house.describe.describe(List.of(renewed))).reason()).isEmpty();
        assertThat(reason(house.judged(old))).isEqualTo(RefusalReason.SUPERSEDED);
        assertThat(done(house.describe.describe(List.of(old))).reason()).contains(RefusalReason.SUPERSEDED);
        assertThat(reason(pump.tryRenew(old, Keys.p256()))).isEqualTo(RefusalReason.SUPERSEDED);
    }

    @Test
    void a_lost_answer_is_given_again_for_the_same_key() {
        var key = Keys.p256();
        byte[] first = done(pump.tryRenew(key)).der();

        assertThat(done(pump.tryRenew(key)).der()).isEqualTo(first);
    }

    @Test
    void renewal_with_the_same_key_gives_a_new_certificate_and_the_same_one_when_repeated() {
        var renewed = done(pump.tryRenew(pump.key));
        assertThat(parse(renewed)).isNotEqualTo(old);

        assertThat(done(pump.tryRenew(pump.key)).der()).isEqualTo(renewed.der());
    }

    @Test
    void there_is_one_unproven_successor_and_the_newest_replaces_it() {
        var lost = parse(done(pump.tryRenew(Keys.p256())));
        var renewed = parse(done(pump.tryRenew(Keys.p256())));

        assertThat(reason(house.judged(lost))).isEqualTo(RefusalReason.SUPERSEDED);
        done(house.judged(renewed));
        done(house.judged(old));
    }

    @Test
    void a_brokers_word_retires_the_old_one_at_brokers_but_renewal_still_takes_it() {
        var renewed = parse(done(pump.tryRenew(Keys.p256())));
        long before = house.revision();
        assertThat(admitted(renewed)).isTrue();

        assertThat(house.row(renewed).proof()).isEqualTo(Proof.BROKER);
        assertThat(told(before, old)).isEqualTo(CertificateState.SUPERSEDED);
        assertThat(house.row(old).state()).isEqualTo(CertificateState.VALID);
        assertThat(done(house.describe.describe(List.of(old))).reason()).contains(RefusalReason.SUPERSEDED);

        before = house.revision();
        var another = parse(done(pump.tryRenew(old, Keys.p256())));
        assertThat(told(before, old)).isEqualTo(CertificateState.VALID);
        assertThat(told(before, renewed)).isEqualTo(CertificateState.SUPERSEDED);
        done(house.judged(another));
        assertThat(house.registry
                        .read(view -> view.auditBefore(Long.MAX_VALUE, 1))
                        .get(0)
                        .action())
                .isEqualTo("device.reenroll-with-retired");
    }

    @Test
    void a_brokers_word_on_the_old_one_retires_nothing() {
        var fresh = house.gadget("pump-2").enrolled();
        var renewed = parse(done(fresh.tryRenew(Keys.p256())));
        // the renewal itself proved the old one; a report that comes late says no more than that
        assertThat(admitted(fresh.certificate)).isFalse();

        done(house.judged(fresh.certificate));
        done(house.judged(renewed));
    }

    @Test
    void a_report_of_an_unknown_certificate_changes_nothing() {
        long before = house.revision();

        assertThat(done(house.reports.accept(
                        B1, house.report(before, List.of(), List.of(Fingerprint.sha256(new byte[] {1}))))))
                .isFalse();
        assertThat(house.revision()).isEqualTo(before);
    }

    @Test
    void when_the_successor_is_revoked_by_itself_the_old_one_counts_in_full_again() {
        var renewed = parse(done(pump.tryRenew(Keys.p256())));
        admitted(renewed);
        long before = house.revision();
        done(house.devices.revokeCertificate(
                new Actor("test"), Certificates.fingerprint(renewed), RevocationReason.UNSPECIFIED, Duration.ZERO));

        assertThat(told(before, old)).isEqualTo(CertificateState.VALID);
    }

    @Test
    void revoking_one_that_has_ended_long_ago_leaves_the_retired_one_retired() {
        var lost = parse(done(pump.tryRenew(Keys.p256())));
        var renewed = parse(done(pump.tryRenew(Keys.p256())));
        admitted(renewed);
        done(house.devices.revokeCertificate(
                new Actor("test"), Certificates.fingerprint(lost), RevocationReason.UNSPECIFIED, Duration.ZERO));

        assertThat(house.row(old).retired()).isTrue();
    }

    @Test
    void a_retired_certificate_proves_nothing_and_stays_retired_while_it_only_asks() {
        var renewed = parse(done(pump.tryRenew(Keys.p256())));
        admitted(renewed);
        done(house.describe.describe(List.of(old)));

        assertThat(house.row(old).retired()).isTrue();
        done(house.describe.describe(List.of(renewed)));
        assertThat(house.row(old).state()).isEqualTo(CertificateState.SUPERSEDED);
    }

    @Test
    void an_expired_certificate_renews_nothing() {
        house.clock.advance(Duration.ofDays(91));

        assertThat(reason(pump.tryRenew(Keys.p256()))).isEqualTo(RefusalReason.EXPIRED);
    }

    @Test
    void a_device_certificate_on_simpleenroll_has_the_rules_of_renewal() {
        var request = new EnrollmentRequest(
                Optional.empty(),
                Optional.empty(),
                List.of(old),
                io.gatehouse.x509.Pkcs10Request.create(Keys.p256(), "pump-1"),
                "x");

        done(house.judged(parse(done(house.enroll.enroll(request)))));
    }

    @Test
    void credentials_beside_the_certificate_must_name_the_same_device() {
        var request = new EnrollmentRequest(
                Optional.empty(),
                Optional.of(new EnrollmentRequest.Credentials("pump-2", "whatever")),
                List.of(old),
                io.gatehouse.x509.Pkcs10Request.create(Keys.p256(), "pump-1"),
                "x");

        assertThat(reason(house.reenroll.reenroll(request))).isEqualTo(RefusalReason.NAME_MISMATCH);
    }

    @Test
    void another_devices_name_is_refused_on_renewal() {
        var request = new EnrollmentRequest(
                Optional.empty(),
                Optional.empty(),
                List.of(old),
                io.gatehouse.x509.Pkcs10Request.create(Keys.p256(), "pump-2"),
                "x");

        assertThat(reason(house.reenroll.reenroll(request))).isEqualTo(RefusalReason.NAME_MISMATCH);
    }

    private boolean admitted(X509Certificate certificate) {
        return done(house.reports.accept(
                B1, house.report(house.revision(), List.of(), List.of(Certificates.fingerprint(certificate)))));
    }

    /** What brokers were told of a certificate since a revision, last. */
    private CertificateState told(long since, X509Certificate certificate) {
        var sha256 = Certificates.fingerprint(certificate);
        return house.toldSince(since).stream()
                .filter(entry ->
                        entry instanceof CertificateEntry told && told.sha256().equals(sha256))
                .map(entry -> ((CertificateEntry) entry).state())
                .reduce((first, last) -> last)
                .orElseThrow();
    }
}

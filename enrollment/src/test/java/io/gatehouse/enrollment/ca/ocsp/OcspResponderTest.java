package io.gatehouse.enrollment.ca.ocsp;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.app.port.RegistryUnavailable;
import io.gatehouse.enrollment.ca.AuthorityName;
import io.gatehouse.enrollment.ca.Hierarchies;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.identity.RevocationReason;
import io.gatehouse.testkit.MutableClock;
import io.gatehouse.testkit.TestAuthority;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OcspResponderTest {
    private static final Instant NOW = Instant.parse("2026-11-23T11:00:00.250Z");
    private static final Instant THEN = Instant.parse("2026-11-23T10:00:00Z");
    private static final Extension[] NONE = {};

    private final MutableClock clock = MutableClock.at(NOW);
    private final Hierarchies hierarchies = Hierarchies.inMemory(ServiceConfig.defaults(), clock);
    private final RegistryOfCertificates registry = new RegistryOfCertificates();
    private final X509Certificate ca = hierarchies.certificate(AuthorityName.DEVICES);
    private final Asker asker = new Asker(ca);
    private final OcspResponder responder = responder(100);

    private OcspResponder responder(int mostCached) {
        var made = new OcspResponder(hierarchies::ocspIssuers, registry, clock, mostCached);
        registry.listen(made);
        registry.issue(ca.getSubjectX500Principal().getName(), 5);
        return made;
    }

    @Test
    void a_valid_certificate_is_good() {
        var single = asker.single(responder.answer(asker.request(5)));

        assertThat(single.getCertStatus()).isEqualTo(CertificateStatus.GOOD);
        assertThat(single.getThisUpdate()).isEqualTo(Instant.parse("2026-11-23T11:00:00Z"));
        assertThat(single.getNextUpdate()).isEqualTo(Instant.parse("2026-11-23T12:00:00Z"));
    }

    @Test
    void a_superseded_one_is_good_because_it_is_on_no_crl_either() {
        registry.supersede(5);

        assertThat(status(5)).isEqualTo(CertificateStatus.GOOD);
    }

    @Test
    void a_revoked_one_is_revoked_with_time_and_reason() {
        registry.revoke(5, RevocationReason.KEY_COMPROMISE, THEN);

        var status = (RevokedStatus) status(5);
        assertThat(status.getRevocationTime()).isEqualTo(THEN);
        assertThat(status.getRevocationReason()).isEqualTo(1);
    }

    @Test
    void an_unspecified_reason_is_not_written() {
        registry.revoke(5, RevocationReason.UNSPECIFIED, THEN);

        assertThat(((RevokedStatus) status(5)).hasRevocationReason()).isFalse();
    }

    @Test
    void a_held_one_is_on_hold_and_good_again_when_released() {
        registry.hold(5, THEN);
        assertThat(((RevokedStatus) status(5)).getRevocationReason()).isEqualTo(6);

        registry.release(5);
        assertThat(status(5)).isEqualTo(CertificateStatus.GOOD);
    }

    @Test
    void a_revocation_by_a_clock_that_was_ahead_is_not_in_the_future() {
        registry.revoke(5, RevocationReason.KEY_COMPROMISE, NOW.plusSeconds(500));

        assertThat(((RevokedStatus) status(5)).getRevocationTime()).isEqualTo(Instant.parse("2026-11-23T11:00:00Z"));
    }

    @Test
    void a_serial_never_issued_is_revoked_since_1970_by_the_extended_definition() {
        var basic = asker.basic(responder.answer(asker.request(6)));

        var status = (RevokedStatus) basic.getResponses()[0].getCertStatus();
        assertThat(status.getRevocationTime()).isEqualTo(Instant.EPOCH);
        assertThat(status.getRevocationReason()).isEqualTo(6);
        var extended = basic.getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_extended_revoke);
        assertThat(extended.getParsedValue()).isEqualTo(DERNull.INSTANCE);
        assertThat(extended.isCritical()).isFalse();
    }

    @Test
    void serials_that_strangers_make_up_leave_nothing_in_the_cache() {
        for (int serial = 100; serial < 300; serial++) {
            responder.answer(asker.request(serial));
        }

        assertThat(responder.cached()).isZero();
    }

    @Test
    void the_second_asker_gets_the_same_answer_without_the_registry() {
        var first = responder.answer(asker.request(5));
        var reads = registry.reads();

        var second = responder.answer(asker.request(5));

        assertThat(second.der()).isEqualTo(first.der());
        assertThat(second.kept()).isEqualTo(first.kept()).isPresent();
        assertThat(registry.reads()).isEqualTo(reads);
    }

    @Test
    void each_way_of_naming_the_issuer_is_repeated_as_it_came() {
        for (var hash : List.of(Asker.SHA_1, Asker.SHA_1_BARE, Asker.SHA_256)) {
            var id = asker.id(hash, 5);
            for (int i = 0; i < 2; i++) {
                var single = asker.single(responder.answer(Asker.request(NONE, id)));
                assertThat(single.getCertID().toASN1Primitive()).isEqualTo(id.toASN1Primitive());
                assertThat(single.getCertStatus()).isEqualTo(CertificateStatus.GOOD);
            }
        }
        registry.revoke(5, RevocationReason.KEY_COMPROMISE, THEN);
        for (var hash : List.of(Asker.SHA_1, Asker.SHA_1_BARE, Asker.SHA_256)) {
            assertThat(asker.single(responder.answer(Asker.request(NONE, asker.id(hash, 5))))
                            .getCertStatus())
                    .isInstanceOf(RevokedStatus.class);
        }
    }

    @Test
    void an_answer_made_before_a_revocation_is_never_kept_after_it() {
        registry.afterReading(() -> {
            registry.afterReading(() -> {});
            registry.revoke(5, RevocationReason.KEY_COMPROMISE, NOW);
        });

        assertThat(status(5)).as("asked before it").isEqualTo(CertificateStatus.GOOD);
        assertThat(status(5)).as("asked after it").isInstanceOf(RevokedStatus.class);
    }

    @Test
    void the_cache_is_bounded() {
        var small = responder(64);
        var issuer = ca.getSubjectX500Principal().getName();
        for (int serial = 1000; serial < 3000; serial++) {
            registry.issue(issuer, serial);
            small.answer(asker.request(serial));
        }

        assertThat(small.cached()).isBetween(1, 64);
    }

    @Test
    void an_answer_is_made_anew_when_half_of_its_time_is_over_or_the_clock_went_back() {
        var first = responder.answer(asker.request(5));
        clock.advance(Duration.ofMinutes(29));
        assertThat(responder.answer(asker.request(5)).der()).isEqualTo(first.der());

        clock.advance(Duration.ofMinutes(2));
        var second = asker.single(responder.answer(asker.request(5)));
        assertThat(second.getThisUpdate()).isEqualTo(Instant.parse("2026-11-23T11:31:00Z"));

        clock.advance(Duration.ofMinutes(-5));
        var third = asker.single(responder.answer(asker.request(5)));
        assertThat(third.getThisUpdate()).isEqualTo(Instant.parse("2026-11-23T11:26:00Z"));
    }

    @Test
    void the_responder_is_delegated_for_seven_days_and_renewed_at_half() throws Exception {
        var first = signer();
        assertThat(first.getExtendedKeyUsage()).containsExactly(KeyPurposeId.id_kp_OCSPSigning.getId());
        assertThat(first.getExtensionValue(OCSPObjectIdentifiers.id_pkix_ocsp_nocheck.getId()))
                .isNotNull();
        assertThat(first.getNotAfter()).isEqualTo(Instant.parse("2026-11-30T11:00:00Z"));
        first.verify(ca.getPublicKey());

        clock.advance(Duration.ofDays(3));
        assertThat(signer()).isEqualTo(first);
        clock.advance(Duration.ofHours(13));

        var second = signer();
        assertThat(second.getPublicKey()).isNotEqualTo(first.getPublicKey());
        assertThat(second.getNotAfter())
                .isEqualTo(clock.instant().plus(Duration.ofDays(7)).minusMillis(250));
    }

    @Test
    void an_authority_that_has_ended_says_so_and_no_answer_outlives_it() {
        var end = ca.getNotAfter().toInstant();
        clock.set(end.minusSeconds(600));
        assertThat(asker.single(responder.answer(asker.request(5))).getNextUpdate())
                .isEqualTo(end);

        clock.set(end.plusSeconds(1));
        assertThat(Asker.status(responder.answer(asker.request(5)))).isEqualTo(2);
    }

    @Test
    void a_nonce_is_repeated_and_its_answer_is_for_this_asker_alone() {
        responder.answer(asker.request(5));
        for (int length : new int[] {1, 16, 32, 128}) {
            var octets = new byte[length];
            octets[0] = 7;

            var answer = responder.answer(withNonce(octets));

            assertThat(asker.basic(answer)
                            .getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce)
                            .getParsedValue())
                    .isEqualTo(new DEROctetString(octets));
            assertThat(answer.kept()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 129, 1000})
    void a_nonce_that_is_empty_or_too_long_is_malformed(int length) {
        assertThat(Asker.status(responder.answer(withNonce(new byte[length])))).isEqualTo(1);
    }

    @Test
    void a_critical_extension_that_is_not_known_is_malformed_and_another_is_not() {
        var oid = OCSPObjectIdentifiers.id_pkix_ocsp_service_locator;
        var id = asker.id(Asker.SHA_1, 5);
        var ignored = new Extension[] {Asker.extension(oid, false, DERNull.INSTANCE)};
        var refused = new Extension[] {Asker.extension(oid, true, DERNull.INSTANCE)};

        assertThat(Asker.status(responder.answer(Asker.request(ignored, id)))).isZero();
        assertThat(Asker.status(responder.answer(Asker.request(refused, id)))).isEqualTo(1);
    }

    @Test
    void several_questions_get_their_answers_in_their_order() {
        registry.issue(ca.getSubjectX500Principal().getName(), 7);
        registry.revoke(7, RevocationReason.KEY_COMPROMISE, THEN);
        var foreign = new Asker(TestAuthority.root("elsewhere").certificate()).id(Asker.SHA_1, 5);

        var basic = asker.basic(responder.answer(Asker.request(
                NONE, foreign, asker.id(Asker.SHA_256, 7), asker.id(Asker.SHA_1, 5), asker.id(Asker.SHA_1, 9))));

        assertThat(Stream.of(basic.getResponses())
                        .map(single -> single.getCertID().getSerialNumber().intValue()))
                .containsExactly(5, 7, 5, 9);
        assertThat(basic.getResponses()[0].getCertStatus()).isInstanceOf(UnknownStatus.class);
        assertThat(basic.getResponses()[1].getCertStatus()).isInstanceOf(RevokedStatus.class);
        assertThat(basic.getResponses()[2].getCertStatus()).isEqualTo(CertificateStatus.GOOD);
        assertThat(basic.getResponses()[3].getCertStatus()).isInstanceOf(RevokedStatus.class);
    }

    @Test
    void for_other_issuers_and_other_hashes_it_is_not_authorized() {
        var elsewhere = new Asker(TestAuthority.root("elsewhere").certificate());
        var services = new Asker(hierarchies.certificate(AuthorityName.SERVICES));

        for (CertificateID id :
                List.of(elsewhere.id(Asker.SHA_1, 5), services.id(Asker.SHA_1, 5), asker.id(Asker.SHA_512, 5))) {
            assertThat(Asker.status(responder.answer(Asker.request(NONE, id)))).isEqualTo(6);
        }
    }

    @Test
    void garbage_is_malformed() {
        var sound = asker.request(5);
        for (int length = 0; length < sound.length; length++) {
            assertThat(Asker.status(responder.answer(java.util.Arrays.copyOf(sound, length))))
                    .as("the first " + length + " bytes")
                    .isEqualTo(1);
        }
        assertThat(Asker.status(responder.answer(java.util.Arrays.copyOf(sound, sound.length + 1))))
                .isEqualTo(1);
        assertThat(Asker.status(responder.answer(Asker.request(NONE)))).isEqualTo(1);
    }

    @Test
    void without_the_registry_it_is_to_be_tried_later_and_nothing_is_kept() {
        registry.afterReading(() -> {
            throw new RegistryUnavailable(RegistryUnavailable.Cause.LOCKED, "locked");
        });
        assertThat(Asker.status(responder.answer(asker.request(5)))).isEqualTo(3);

        registry.afterReading(() -> {});
        assertThat(status(5)).isEqualTo(CertificateStatus.GOOD);
    }

    @Test
    void strangers_take_no_more_than_two_readers_of_the_registry() throws InterruptedException {
        var inside = new AtomicInteger();
        var most = new AtomicInteger();
        registry.afterReading(() -> {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            Thread.onSpinWait();
            inside.decrementAndGet();
        });
        var threads = Stream.generate(() -> new Thread(() -> {
                    for (int i = 0; i < 50; i++) {
                        responder.answer(withNonce(new byte[32]));
                    }
                }))
                .limit(8)
                .toList();
        threads.forEach(Thread::start);
        for (var thread : threads) {
            thread.join();
        }

        assertThat(most.get()).isBetween(1, 2);
    }

    private CertificateStatus status(long serial) {
        return asker.single(responder.answer(asker.request(serial))).getCertStatus();
    }

    private byte[] withNonce(byte[] octets) {
        return Asker.request(new Extension[] {Asker.nonce(octets)}, asker.id(Asker.SHA_1, 5));
    }

    private X509Certificate signer() throws Exception {
        var holder = asker.basic(responder.answer(asker.request(5))).getCerts()[0];
        return new org.bouncycastle.cert.jcajce.JcaX509CertificateConverter().getCertificate(holder);
    }
}

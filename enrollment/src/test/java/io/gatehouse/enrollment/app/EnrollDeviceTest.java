package io.gatehouse.enrollment.app;

import static io.gatehouse.enrollment.app.House.ADMIN;
import static io.gatehouse.enrollment.app.House.FLEET;
import static io.gatehouse.enrollment.app.House.done;
import static io.gatehouse.enrollment.app.House.parse;
import static io.gatehouse.enrollment.app.House.reason;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.app.EnrollmentRequest.Credentials;
import io.gatehouse.enrollment.app.domain.RenewalWindow;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.identity.RevocationReason;
import io.gatehouse.testkit.CertificateOrder;
import io.gatehouse.testkit.Keys;
import io.gatehouse.testkit.TestAuthority;
import io.gatehouse.x509.Certificates;
import io.gatehouse.x509.Pkcs10Request;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnrollDeviceTest {
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
    void a_claim_makes_a_device_with_a_certificate_that_the_service_admits() {
        var pump = house.gadget("pump-1").enrolled();

        assertThat(pump.row().state()).isEqualTo(DeviceState.ACTIVE);
        assertThat(done(house.judged(pump.certificate)).device().id()).isEqualTo(pump.id);
        assertThat(house.row(pump.certificate).key()).isEqualTo(Certificates.keyFingerprint(pump.key.getPublic()));
        assertThat(house.audit.verify().holds()).isTrue();
    }

    @Test
    void the_same_claim_and_key_get_the_same_certificate_again_even_when_the_claim_has_ended() {
        var pump = house.gadget("pump-1");
        String secret = pump.claim().secret().orElseThrow();
        byte[] first = done(pump.tryEnroll(secret)).der();
        house.clock.advance(Duration.ofHours(2));

        assertThat(done(pump.tryEnroll(secret)).der()).isEqualTo(first);
        assertThat(house.issuer.issued).hasValue(1);
    }

    @Test
    void the_same_claim_with_another_key_is_a_key_mismatch() {
        var pump = house.gadget("pump-1");
        String secret = pump.claim().secret().orElseThrow();
        done(pump.tryEnroll(secret));
        pump.key = Keys.p256();

        assertThat(reason(pump.tryEnroll(secret))).isEqualTo(RefusalReason.KEY_MISMATCH);
    }

    @Test
    void a_used_claim_is_spent_once_its_certificate_has_ended() {
        var pump = house.gadget("pump-1");
        String secret = pump.claim().secret().orElseThrow();
        pump.certificate = parse(done(pump.tryEnroll(secret)));
        var successor = parse(done(pump.tryRenew(Keys.p256())));
        done(house.describe.describe(List.of(successor)));
        assertThat(reason(pump.tryEnroll(secret))).isEqualTo(RefusalReason.CLAIM_SPENT);

        var other = house.gadget("pump-2");
        String otherSecret = other.claim().secret().orElseThrow();
        done(other.tryEnroll(otherSecret));
        house.clock.advance(Duration.ofDays(91));
        assertThat(reason(other.tryEnroll(otherSecret))).isEqualTo(RefusalReason.CLAIM_SPENT);
    }

    @Test
    void a_claim_ends() {
        var pump = house.gadget("pump-1");
        var claim = pump.claim();
        house.clock.advance(Duration.ofHours(1).plusSeconds(1));
        assertThat(reason(pump.tryEnroll(claim.secret().orElseThrow()))).isEqualTo(RefusalReason.CLAIM_EXPIRED);

        var again = pump.claim();
        done(house.claims.cancel(ADMIN, again.claim().id()));
        assertThat(reason(pump.tryEnroll(again.secret().orElseThrow()))).isEqualTo(RefusalReason.CLAIM_CANCELLED);
    }

    @Test
    void a_spent_claim_cannot_be_cancelled() {
        var pump = house.gadget("pump-1");
        var claim = pump.claim();
        done(pump.tryEnroll(claim.secret().orElseThrow()));

        assertThat(reason(house.claims.cancel(ADMIN, claim.claim().id()))).isEqualTo(RefusalReason.CONFLICT);
    }

    @Test
    void wrong_secrets_are_throttled_from_the_twenty_first_in_a_minute_and_a_right_one_always_passes() {
        var pump = house.gadget("pump-1");
        String secret = pump.claim().secret().orElseThrow();
        for (int i = 0; i < 20; i++) {
            assertThat(reason(pump.tryEnroll("wrong"))).isEqualTo(RefusalReason.WRONG_SECRET);
        }
        assertThat(reason(pump.tryEnroll("wrong"))).isEqualTo(RefusalReason.TOO_MANY_REQUESTS);
        done(pump.tryEnroll(secret));
        house.clock.advance(Duration.ofSeconds(61));
        assertThat(reason(pump.tryEnroll("wrong"))).isEqualTo(RefusalReason.WRONG_SECRET);
    }

    @Test
    void a_claim_serves_only_its_own_device() {
        String secret = house.gadget("pump-1").claim().secret().orElseThrow();

        assertThat(reason(house.gadget("pump-2").tryEnroll(secret))).isEqualTo(RefusalReason.WRONG_SECRET);
        assertThat(reason(house.gadget("PUMP-1").tryEnroll(secret))).isEqualTo(RefusalReason.WRONG_SECRET);
    }

    @Test
    void nobody_enrolls_without_credentials() {
        var pump = house.gadget("pump-1");
        var request = new EnrollmentRequest(
                Optional.empty(), Optional.empty(), List.of(), Pkcs10Request.create(pump.key, "pump-1"), "x");

        assertThat(reason(house.enroll.enroll(request))).isEqualTo(RefusalReason.NO_CREDENTIALS);
    }

    @Test
    void the_fleet_of_the_path_must_be_the_claims() {
        house.fleet(FleetName.of("other"));
        var pump = house.gadget("pump-1");
        String secret = pump.claim().secret().orElseThrow();
        byte[] csr = Pkcs10Request.create(pump.key, "pump-1");

        assertThat(reason(house.enroll.enroll(labelled("other", secret, csr)))).isEqualTo(RefusalReason.WRONG_FLEET);
        done(house.enroll.enroll(labelled(FLEET.value(), secret, csr)));
    }

    private static EnrollmentRequest labelled(String fleet, String secret, byte[] csr) {
        return new EnrollmentRequest(
                Optional.of(FleetName.of(fleet)), Optional.of(new Credentials("pump-1", secret)), List.of(), csr, "x");
    }

    @Test
    void a_request_may_name_nobody_but_the_device() throws Exception {
        var pump = house.gadget("pump-1");
        String secret = pump.claim().secret().orElseThrow();
        byte[] anotherName = Pkcs10Request.create(pump.key, "pump-2");
        byte[] anotherUri = Pkcs10Request.create(
                pump.key, "pump-1", List.of(), List.of("spiffe://gatehouse.internal/device/pump-2"));
        byte[] aHost = Pkcs10Request.create(pump.key, "pump-1", List.of("pump-1"), List.of());
        byte[] more = csr(pump.key, "CN=pump-1,SERIALNUMBER=7", null);
        byte[] twice = csr(pump.key, "CN=pump-1,CN=pump-1", null);
        byte[] nobody = csr(pump.key, "O=Acme", null);

        for (byte[] bad : List.of(anotherName, anotherUri, aHost, more, twice, nobody)) {
            assertThat(reason(pump.tryEnroll(secret, bad))).isEqualTo(RefusalReason.NAME_MISMATCH);
        }
        var itself = Pkcs10Request.create(
                pump.key, "pump-1", List.of(), List.of("spiffe://gatehouse.internal/device/pump-1"));
        done(pump.tryEnroll(secret, itself));
        done(pump.tryEnroll(secret, csr(pump.key, "", null)));
        done(pump.tryEnroll(secret, csr(pump.key, "CN=pump-1,O=Thin Edge,OU=Test Device", null)));
    }

    @Test
    void a_request_for_what_is_never_given_is_refused() throws Exception {
        var pump = house.gadget("pump-1");
        String secret = pump.claim().secret().orElseThrow();
        var authority = new Extension(Extension.basicConstraints, true, new BasicConstraints(true).getEncoded());
        var server = new Extension(
                Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth).getEncoded());
        var any = new Extension(
                Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.anyExtendedKeyUsage).getEncoded());

        for (var extension : List.of(authority, server, any)) {
            assertThat(reason(pump.tryEnroll(secret, csr(pump.key, "CN=pump-1", extension))))
                    .isEqualTo(RefusalReason.FORBIDDEN_EXTENSION);
        }
        assertThat(house.issuer.issued).hasValue(0);
    }

    @Test
    void a_request_that_another_key_signed_is_refused() {
        var pump = house.gadget("pump-1");
        String secret = pump.claim().secret().orElseThrow();
        var mixed = new KeyPair(pump.key.getPublic(), Keys.p256().getPrivate());

        assertThat(reason(pump.tryEnroll(secret, Pkcs10Request.create(mixed, "pump-1"))))
                .isEqualTo(RefusalReason.BAD_SIGNATURE);
        assertThat(reason(pump.tryEnroll(secret, new byte[] {1, 2, 3}))).isEqualTo(RefusalReason.BAD_REQUEST);
        pump.key = Keys.rsa(1024);
        assertThat(reason(pump.tryEnroll(secret))).isEqualTo(RefusalReason.WEAK_KEY);
    }

    @Test
    void a_claim_for_a_fixed_key_serves_no_other() {
        var pump = house.gadget("pump-1");
        var key = Certificates.keyFingerprint(pump.key.getPublic());
        var made = done(house.claims.create(
                ADMIN,
                new Claims.NewClaim(
                        FLEET,
                        Optional.of(pump.id),
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        Optional.empty(),
                        Optional.of(key),
                        Optional.empty())));
        var right = pump.key;
        pump.key = Keys.p256();
        assertThat(reason(pump.tryEnroll(made.secret().orElseThrow()))).isEqualTo(RefusalReason.KEY_MISMATCH);
        pump.key = right;
        done(pump.tryEnroll(made.secret().orElseThrow()));
    }

    @Test
    void a_secret_that_the_device_made_is_not_told_and_works() {
        var pump = house.gadget("pump-1");
        var made = done(house.claims.create(
                ADMIN,
                new Claims.NewClaim(
                        FLEET,
                        Optional.of(pump.id),
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(Fingerprint.sha256("device made this".getBytes())))));

        assertThat(made.secret()).isEmpty();
        done(pump.tryEnroll("device made this"));
    }

    @Test
    void ids_are_unique_without_regard_to_case() {
        house.gadget("pump-1").enrolled();

        assertThat(reason(house.claims.create(ADMIN, House.newClaim(house.gadget("Pump-1").id))))
                .isEqualTo(RefusalReason.ALREADY_EXISTS);
    }

    @Test
    void two_claims_for_ids_that_differ_in_case_make_one_device() {
        var lower = house.gadget("pump-1");
        var upper = house.gadget("Pump-1");
        String first = lower.claim().secret().orElseThrow();
        String second = upper.claim().secret().orElseThrow();
        done(lower.tryEnroll(first));

        assertThat(reason(upper.tryEnroll(second))).isEqualTo(RefusalReason.NAME_MISMATCH);
    }

    @Test
    void a_claim_for_an_active_device_gives_an_unproven_successor() {
        var pump = house.gadget("pump-1").enrolled();
        var first = pump.certificate;
        done(house.describe.describe(List.of(first)));
        pump.key = Keys.p256();
        pump.enrolled();

        done(house.judged(first));
        done(house.judged(pump.certificate));
        done(house.describe.describe(List.of(pump.certificate)));
        assertThat(reason(house.judged(first))).isEqualTo(RefusalReason.SUPERSEDED);
    }

    @Test
    void a_certificate_beside_a_claim_must_be_good_and_of_the_same_device() {
        var pump = house.gadget("pump-1").enrolled();
        var other = house.gadget("pump-2").enrolled();
        String secret = pump.claim().secret().orElseThrow();
        byte[] csr = Pkcs10Request.create(Keys.p256(), "pump-1");

        assertThat(reason(house.enroll.enroll(pump.request(secret, List.of(other.certificate), csr))))
                .isEqualTo(RefusalReason.NAME_MISMATCH);
        var foreign = TestAuthority.root().devicesCa().device("pump-1").certificate();
        assertThat(reason(house.enroll.enroll(pump.request(secret, List.of(foreign), csr))))
                .isEqualTo(RefusalReason.UNKNOWN_ISSUER);
        done(house.enroll.enroll(pump.request(secret, List.of(pump.certificate), csr)));
    }

    @Test
    void a_certificate_forged_with_our_own_key_and_a_live_serial_is_unknown() {
        var pump = house.gadget("pump-1").enrolled();
        var forged = house.issuer
                .devices
                .device("pump-1", (CertificateOrder order) -> order.serial(pump.certificate.getSerialNumber()))
                .certificate();

        assertThat(reason(house.judged(forged))).isEqualTo(RefusalReason.UNKNOWN_CERTIFICATE);
        assertThat(reason(pump.tryRenew(forged, Keys.p256()))).isEqualTo(RefusalReason.UNKNOWN_CERTIFICATE);
        assertThat(reason(house.describe.describe(List.of(forged)))).isEqualTo(RefusalReason.UNKNOWN_CERTIFICATE);
    }

    @Test
    void certificates_are_judged_by_issuer_use_and_time() {
        var pump = house.gadget("pump-1").enrolled();
        assertThat(reason(house.judge.admit(List.of()))).isEqualTo(RefusalReason.NO_CERTIFICATE);
        var services = house.issuer.services.device("pump-1").certificate();
        assertThat(reason(house.judged(services))).isEqualTo(RefusalReason.UNKNOWN_ISSUER);
        var server = house.issuer.devices.server(order -> {}).certificate();
        assertThat(reason(house.judged(server))).isEqualTo(RefusalReason.BAD_CERTIFICATE);
        house.clock.advance(Duration.ofMinutes(-6));
        assertThat(reason(house.judged(pump.certificate))).isEqualTo(RefusalReason.NOT_YET_VALID);
        house.clock.advance(Duration.ofDays(91));
        assertThat(reason(house.judged(pump.certificate))).isEqualTo(RefusalReason.EXPIRED);
        var told = done(house.describe.describe(List.of(pump.certificate)));
        assertThat(told.reason()).contains(RefusalReason.EXPIRED);
    }

    @Test
    void a_compromised_key_is_never_certified_again_not_even_for_another_device() {
        var pump = house.gadget("pump-1").enrolled();
        done(house.devices.revokeCertificate(ADMIN, pump.sha256(), RevocationReason.KEY_COMPROMISE, Duration.ZERO));
        var other = house.gadget("pump-2");
        other.key = pump.key;

        assertThat(reason(other.tryEnroll(other.claim().secret().orElseThrow())))
                .isEqualTo(RefusalReason.KEY_REUSED);
    }

    @Test
    void the_renewal_window_lies_in_the_certificates_second_half_before_its_end() {
        var pump = house.gadget("pump-1").enrolled();
        var window = RenewalWindow.of(house.row(pump.certificate));
        var issued = house.clock.instant();

        assertThat(window.from()).isBetween(issued.plus(Duration.ofDays(44)), issued.plus(Duration.ofDays(60)));
        assertThat(window.until()).isBefore(issued.plus(Duration.ofDays(76)));
    }

    @Test
    void secrets_show_in_no_text() {
        var made = house.gadget("pump-1").claim();

        assertThat(made.toString()).doesNotContain(made.secret().orElseThrow());
        assertThat(new Credentials("a", "hush").toString()).doesNotContain("hush");
    }

    private static byte[] csr(KeyPair key, String subject, Extension extension) throws Exception {
        var builder = new JcaPKCS10CertificationRequestBuilder(new X500Name(subject), key.getPublic());
        if (extension != null) {
            builder.addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, new Extensions(extension));
        }
        return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate()))
                .getEncoded();
    }
}

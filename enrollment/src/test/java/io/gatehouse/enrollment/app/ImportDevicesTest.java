package io.gatehouse.enrollment.app;

import static io.gatehouse.enrollment.app.House.ADMIN;
import static io.gatehouse.enrollment.app.House.FLEET;
import static io.gatehouse.enrollment.app.House.done;
import static io.gatehouse.enrollment.app.House.reason;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.enrollment.app.domain.Page;
import io.gatehouse.enrollment.app.domain.Proof;
import io.gatehouse.enrollment.app.imports.ImportOrder;
import io.gatehouse.enrollment.app.imports.ImportResult;
import io.gatehouse.enrollment.app.imports.ImportRow;
import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.identity.RevocationReason;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.TestAuthority;
import io.gatehouse.x509.Certificates;
import io.gatehouse.x509.Pem;
import io.gatehouse.x509.Pkcs10Request;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportDevicesTest {
    private static final TestAuthority FOREIGN = TestAuthority.root("Old fleet root");

    @TempDir
    Path directory;

    private House house;
    private final HeldCertificate one = FOREIGN.device("old-1");
    private final HeldCertificate two = FOREIGN.device("old-2");

    @BeforeEach
    void open() {
        house = new House(directory.resolve("gatehouse.db")).withFleet();
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void exactly_the_imported_certificate_is_good_and_no_other_of_its_authority() {
        assertThat(imported(row("d-1", one))).isEqualTo(1);
        assertThat(done(house.judged(one.certificate())).device().id()).isEqualTo(DeviceId.of("d-1"));
        assertThat(reason(house.judged(two.certificate()))).isEqualTo(RefusalReason.UNKNOWN_CERTIFICATE);
        var stranger = TestAuthority.root("Old fleet root").device("old-1");
        assertThat(reason(house.judged(stranger.certificate())))
                .as("the name of the authority is not its key")
                .isEqualTo(RefusalReason.UNKNOWN_ISSUER);
    }

    @Test
    void brokers_hear_of_device_certificate_and_authority_in_one_change() {
        long before = house.revision();
        imported(row("d-1", one));
        assertThat(house.revision()).isEqualTo(before + 1);
        var told = house.toldSince(before);
        assertThat(told)
                .anySatisfy(entry -> assertThat(entry)
                        .isInstanceOfSatisfying(
                                Entry.AuthorityEntry.class,
                                authority -> assertThat(authority.der())
                                        .isEqualTo(Certificates.der(FOREIGN.certificate()))));
        assertThat(told).hasAtLeastOneElementOfType(Entry.DeviceEntry.class);
        assertThat(told)
                .anySatisfy(entry -> assertThat(entry)
                        .isInstanceOfSatisfying(
                                Entry.CertificateEntry.class,
                                certificate -> assertThat(certificate.sha256()).isEqualTo(fingerprint(one))));
    }

    @Test
    void a_second_run_changes_nothing_whatever_became_of_the_device() {
        imported(row("d-1", one), row("d-2", two));
        done(house.devices.revoke(ADMIN, DeviceId.of("d-2"), RevocationReason.UNSPECIFIED, Duration.ZERO));
        long revision = house.revision();
        long audited = audited();
        house.clock.advance(Duration.ofDays(91)); // beyond the certificates' end
        var again = run(false, row("d-1", one), row("d-2", two));
        assertThat(again).isEqualTo(new ImportResult(0, 2, List.of(), true));
        assertThat(house.revision()).isEqualTo(revision);
        assertThat(audited()).isEqualTo(audited);
    }

    @Test
    void one_bad_row_keeps_all_out_unless_the_import_is_partial() {
        var expired = row("d-2", FOREIGN.device("x", order -> order.expired()));
        long revision = house.revision();
        var nothing = run(false, row("d-1", one), expired);
        assertThat(nothing.done()).isFalse();
        assertThat(nothing.imported()).isZero();
        assertThat(house.revision()).isEqualTo(revision);
        assertThat(reason(house.devices.get(DeviceId.of("d-1")))).isEqualTo(RefusalReason.UNKNOWN_DEVICE);
        var part = run(true, row("d-1", one), expired);
        assertThat(part.done()).isTrue();
        assertThat(part.imported()).isEqualTo(1);
        assertThat(part.refused()).singleElement().satisfies(refused -> {
            assertThat(refused.row()).isEqualTo(1);
            assertThat(refused.device()).isEqualTo("d-2");
            assertThat(refused.reason()).isEqualTo(RefusalReason.EXPIRED);
        });
    }

    @Test
    void a_dry_run_says_what_would_come_and_does_nothing() {
        long revision = house.revision();
        var dry = done(house.imports.run(ADMIN, order(true, false, false, row("d-1", one))));
        assertThat(dry).isEqualTo(new ImportResult(1, 0, List.of(), false));
        assertThat(house.revision()).isEqualTo(revision);
    }

    @Test
    void the_first_renewal_gives_one_of_ours_and_the_imported_one_ends_when_that_is_proven() {
        imported(row("d-1", one));
        var gadget = house.gadget("d-1");
        var fresh = House.parse(done(gadget.tryRenew(one.certificate(), gadget.key())));
        assertThat(fresh.getSubjectX500Principal().getName()).isEqualTo("CN=d-1");
        assertThat(fresh.getIssuerX500Principal())
                .isEqualTo(house.issuer.devicesCa().getSubjectX500Principal());
        assertThat(done(house.judged(one.certificate())).certificate().proof()).isEqualTo(Proof.SERVICE);
        done(house.describe.describe(List.of(fresh)));
        assertThat(reason(house.judged(one.certificate()))).isEqualTo(RefusalReason.SUPERSEDED);
        long before = house.revision();
        house.importedAuthorities.sweep();
        assertThat(house.toldSince(before)).singleElement().isInstanceOf(Entry.AuthorityRemoved.class);
        assertThat(reason(house.judged(one.certificate())))
                .as("known to the service as what it is, for good")
                .isEqualTo(RefusalReason.SUPERSEDED);
    }

    @Test
    void a_renewal_may_repeat_the_names_of_the_imported_certificate_and_gets_ours() {
        imported(row("d-1", one));
        var key = house.gadget("d-1").key();
        var repeated = Pkcs10Request.create(
                key, "old-1", List.of(), List.of("spiffe://" + TestAuthority.TRUST_DOMAIN + "/device/old-1"));
        var fresh = House.parse(done(house.reenroll.reenroll(request(one.certificate(), repeated))));
        assertThat(Certificates.uris(fresh)).hasSize(1).allMatch(uri -> uri.endsWith("/device/d-1"));
        var another = Pkcs10Request.create(key, "old-2");
        assertThat(reason(house.reenroll.reenroll(request(one.certificate(), another))))
                .isEqualTo(RefusalReason.NAME_MISMATCH);
        assertThat(reason(house.reenroll.reenroll(request(fresh, repeated))))
                .as("its second renewal is an ordinary one")
                .isEqualTo(RefusalReason.NAME_MISMATCH);
    }

    @Test
    void a_revoked_one_is_refused_by_its_fingerprint_and_is_on_no_list_of_ours() {
        imported(row("d-1", one));
        done(house.devices.revoke(ADMIN, DeviceId.of("d-1"), RevocationReason.KEY_COMPROMISE, Duration.ZERO));
        assertThat(reason(house.judged(one.certificate()))).isEqualTo(RefusalReason.REVOKED);
        assertThat(house.row(one.certificate()).state()).isEqualTo(CertificateState.REVOKED);
        var issuer = FOREIGN.certificate().getSubjectX500Principal().getName();
        var listed = new java.util.ArrayList<>();
        house.registry.read(view -> {
            view.listed(issuer, house.clock.instant(), listed::add);
            assertThat(view.certificate(issuer, one.certificate().getSerialNumber()))
                    .isEmpty();
            return true;
        });
        assertThat(listed).isEmpty();
    }

    @Test
    void the_authority_goes_with_its_last_certificate_and_comes_back_with_the_next() {
        imported(row("d-1", one));
        house.importedAuthorities.sweep();
        assertThat(named()).isTrue();
        house.clock.advance(Duration.ofDays(91));
        house.importedAuthorities.sweep();
        assertThat(named()).isFalse();
        house.clock.advance(Duration.ofDays(-91)); // it was the clock that was wrong
        house.importedAuthorities.sweep();
        assertThat(named()).isTrue();
    }

    @Test
    void an_import_into_a_suspended_fleet_opens_nothing_until_it_resumes() {
        done(house.fleets.suspend(ADMIN, FLEET));
        imported(row("d-1", one));
        assertThat(reason(house.judged(one.certificate()))).isEqualTo(RefusalReason.SUSPENDED);
    }

    private boolean named() {
        return house.registry.read(view -> view.namesAuthority(
                "imported-" + Certificates.fingerprint(FOREIGN.certificate()).hex()));
    }

    private long audited() {
        return done(house.audit.list(Page.first())).items().get(0).seq();
    }

    private int imported(ImportRow... rows) {
        var result = run(false, rows);
        assertThat(result.refused()).isEmpty();
        assertThat(result.done()).isTrue();
        return result.imported();
    }

    private ImportResult run(boolean partial, ImportRow... rows) {
        return done(house.imports.run(ADMIN, order(false, partial, false, rows)));
    }

    private static ImportOrder order(boolean dryRun, boolean partial, boolean weak, ImportRow... rows) {
        return new ImportOrder(
                List.of(FOREIGN.certificate()), Optional.of(FLEET), Arrays.asList(rows), dryRun, partial, weak);
    }

    private static EnrollmentRequest request(X509Certificate presented, byte[] pkcs10) {
        return new EnrollmentRequest(Optional.empty(), Optional.empty(), List.of(presented), pkcs10, House.SOURCE);
    }

    private static ImportRow row(String device, HeldCertificate held) {
        return new ImportRow(device, Optional.empty(), Map.of(), Pem.write(held.certificate()));
    }

    private static Fingerprint fingerprint(HeldCertificate held) {
        return Certificates.fingerprint(held.certificate());
    }
}

package io.gatehouse.enrollment.app;

import static io.gatehouse.enrollment.app.House.ADMIN;
import static io.gatehouse.enrollment.app.House.FLEET;
import static io.gatehouse.enrollment.app.House.done;
import static io.gatehouse.enrollment.app.House.reason;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.imports.ImportOrder;
import io.gatehouse.enrollment.app.imports.ImportResult;
import io.gatehouse.enrollment.app.imports.ImportRow;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.testkit.CertificateOrder;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.TestAuthority;
import io.gatehouse.x509.Pem;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an import refuses, with the word and the member that is at fault. */
class ImportRulesTest {
    private static final TestAuthority FOREIGN = TestAuthority.root("Old fleet root");

    @TempDir
    Path directory;

    private House house;

    @BeforeEach
    void open() {
        house = new House(directory.resolve("gatehouse.db")).withFleet();
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void certificates_that_open_nothing_at_a_broker_are_refused_at_once() {
        refused(order -> order.authority(), "certificate", RefusalReason.BAD_CERTIFICATE);
        refused(order -> order.serverAuth(), "certificate", RefusalReason.BAD_CERTIFICATE);
        refused(order -> order.expired(), "certificate", RefusalReason.EXPIRED);
        refused(row("d-1", TestAuthority.root().device("x")), "certificate", RefusalReason.UNKNOWN_ISSUER);
        refused(
                row("d-1", TestAuthority.root("Old fleet root").device("x")),
                "certificate",
                RefusalReason.UNKNOWN_ISSUER);
        refused(row("d-1", FOREIGN.intermediate("below").device("x")), "certificate", RefusalReason.UNKNOWN_ISSUER);
        for (var text : List.of("", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")) {
            refused(
                    new ImportRow("d-1", Optional.empty(), Map.of(), text),
                    "certificate",
                    RefusalReason.BAD_CERTIFICATE);
        }
    }

    @Test
    void one_without_extended_key_usage_and_one_of_tomorrow_are_taken() {
        var plain = row("d-1", FOREIGN.device("a", order -> order.noPurpose()));
        var tomorrow = row("d-2", FOREIGN.device("b", order -> order.notYetValid()));
        assertThat(run(false, plain, tomorrow).imported()).isEqualTo(2);
    }

    @Test
    void weak_keys_need_an_explicit_word_and_the_weakest_are_never_taken() {
        var old = row("d-1", FOREIGN.device("a", order -> order.key(rsa(1024))));
        refused(old, "certificate", RefusalReason.WEAK_KEY);
        assertThat(run(true, old).imported()).isEqualTo(1);
        var hopeless = run(true, row("d-2", FOREIGN.device("b", order -> order.key(rsa(768)))));
        assertThat(hopeless.refused()).singleElement().satisfies(row -> {
            assertThat(row.reason()).isEqualTo(RefusalReason.WEAK_KEY);
            assertThat(row.value()).isEqualTo("RSA 768");
        });
    }

    @Test
    void names_fleets_and_attributes_are_checked_row_by_row() {
        var good = FOREIGN.device("a");
        refused(row("no/id", good), "device", RefusalReason.BAD_REQUEST);
        refused(
                new ImportRow("d-1", Optional.of("nowhere"), Map.of(), Pem.write(good.certificate())),
                "fleet",
                RefusalReason.UNKNOWN_FLEET);
        refused(
                new ImportRow("d-1", Optional.of("No Fleet"), Map.of(), Pem.write(good.certificate())),
                "fleet",
                RefusalReason.BAD_REQUEST);
        refused(
                new ImportRow("d-1", Optional.empty(), Map.of("site", "a/b"), Pem.write(good.certificate())),
                "attributes",
                RefusalReason.BAD_REQUEST);
    }

    @Test
    void an_id_and_a_key_belong_to_one_device_only() {
        var first = FOREIGN.device("a");
        var same = FOREIGN.device("b", order -> order.key(first.key()));
        var twins = run(false, row("d-1", first), row("D-1", FOREIGN.device("c")), row("d-3", same));
        assertThat(twins.refused()).extracting(ImportResult.Row::row).containsExactly(1, 2);
        assertThat(twins.refused())
                .extracting(ImportResult.Row::reason)
                .containsExactly(RefusalReason.ALREADY_EXISTS, RefusalReason.KEY_REUSED);
        assertThat(run(false, row("d-1", first)).imported()).isEqualTo(1);
        refused(row("d-2", first), "certificate", RefusalReason.ALREADY_EXISTS);
        refused(row("D-1", FOREIGN.device("c")), "device", RefusalReason.ALREADY_EXISTS);
        refused(row("d-3", same), "certificate", RefusalReason.KEY_REUSED);
        var ours = house.gadget("d-4").enrolled();
        refused(row("d-4", FOREIGN.device("d")), "device", RefusalReason.ALREADY_EXISTS);
        refused(
                row("d-5", FOREIGN.device("e", order -> order.key(ours.key()))),
                "certificate",
                RefusalReason.KEY_REUSED);
        done(house.devices.decommission(ADMIN, DeviceId.of("d-4")));
        refused(row("d-4", FOREIGN.device("d")), "device", RefusalReason.DECOMMISSIONED);
    }

    @Test
    void an_authority_must_be_one_and_must_not_be_ours_nor_look_like_it() {
        var leaf = FOREIGN.device("a");
        assertThat(reason(by(List.of(leaf.certificate()), leaf))).isEqualTo(RefusalReason.BAD_REQUEST);
        assertThat(reason(by(List.of(), leaf))).isEqualTo(RefusalReason.BAD_REQUEST);
        assertThat(reason(by(Collections.nCopies(9, FOREIGN.certificate()), leaf)))
                .isEqualTo(RefusalReason.BAD_REQUEST);
        assertThat(reason(by(List.of(house.issuer.devicesCa()), leaf))).isEqualTo(RefusalReason.BAD_REQUEST);
        var name = house.issuer.devicesCa().getSubjectX500Principal().getName();
        var impostor = TestAuthority.root(name.substring("CN=".length()));
        assertThat(impostor.certificate().getSubjectX500Principal())
                .isEqualTo(house.issuer.devicesCa().getSubjectX500Principal());
        assertThat(reason(by(List.of(impostor.certificate()), impostor.device("a"))))
                .isEqualTo(RefusalReason.BAD_REQUEST);
    }

    @Test
    void an_import_has_a_bound() {
        var row = row("d-1", FOREIGN.device("a"));
        assertThat(reason(house.imports.run(
                        ADMIN,
                        order(
                                List.of(FOREIGN.certificate()),
                                false,
                                Collections.nCopies(ImportOrder.MOST_ROWS + 1, row)))))
                .isEqualTo(RefusalReason.BAD_REQUEST);
    }

    @Test
    void what_a_stranger_wrote_is_told_short_and_without_control_characters() {
        var told = run(false, row("\u001b[2J" + "x".repeat(200), FOREIGN.device("a")))
                .refused()
                .get(0);
        assertThat(told.value()).hasSizeLessThan(100).doesNotContain("\u001b");
        assertThat(told.device()).hasSizeLessThan(100).doesNotContain("\u001b");
    }

    @Test
    void a_key_that_was_given_for_a_certificate_by_mistake_is_not_repeated() {
        var secret = java.util.Base64.getEncoder()
                .encodeToString(FOREIGN.device("a").privateKey().getEncoded());
        var told = run(false, new ImportRow("d-1", Optional.empty(), Map.of(), secret));
        assertThat(told.toString()).doesNotContain(secret.substring(60, 70)).doesNotContain(secret.substring(0, 20));
    }

    private void refused(Consumer<CertificateOrder> change, String member, RefusalReason reason) {
        refused(row("d-1", FOREIGN.device("x", change)), member, reason);
    }

    private void refused(ImportRow row, String member, RefusalReason reason) {
        var result = run(false, row);
        assertThat(result.done()).isFalse();
        assertThat(result.refused()).singleElement().satisfies(refused -> {
            assertThat(refused.reason()).as(refused.detail()).isEqualTo(reason);
            assertThat(refused.member()).isEqualTo(member);
        });
    }

    private Outcome<ImportResult> by(List<X509Certificate> authorities, HeldCertificate held) {
        return house.imports.run(ADMIN, order(authorities, false, List.of(row("d-1", held))));
    }

    private ImportResult run(boolean weak, ImportRow... rows) {
        return done(house.imports.run(ADMIN, order(List.of(FOREIGN.certificate()), weak, Arrays.asList(rows))));
    }

    private static ImportOrder order(List<X509Certificate> authorities, boolean weak, List<ImportRow> rows) {
        return new ImportOrder(authorities, Optional.of(FLEET), rows, false, false, weak);
    }

    private static ImportRow row(String device, HeldCertificate held) {
        return new ImportRow(device, Optional.empty(), Map.of(), Pem.write(held.certificate()));
    }

    private static KeyPair rsa(int bits) {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}

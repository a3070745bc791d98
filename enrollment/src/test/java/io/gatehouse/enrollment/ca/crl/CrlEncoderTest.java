package io.gatehouse.enrollment.ca.crl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.enrollment.keys.SoftwareKey;
import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.Tools;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.CRLReason;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrlEncoderTest {
    private static final Instant NOW = Instant.parse("2026-11-23T11:00:00Z");
    private static final Instant NEXT = NOW.plus(Duration.ofDays(7));
    private static final Instant END = NOW.plus(Duration.ofDays(20_000));
    private static final X500Principal NAME = new X500Principal("CN=Devices CA 1,O=Gatehouse");
    private static final KeyPair PAIR = SoftwareKey.generate();

    private final CrlEncoder encoder = new CrlEncoder(new CrlIssuer(
            NAME.getEncoded(), new byte[] {1, 2, 3}, SoftwareKey.of(PAIR.getPrivate(), PAIR.getPublic())::sign));

    @Test
    void an_empty_crl_has_no_list_at_all() throws GeneralSecurityException {
        var crl = parsed(encoder.encode(Revocations.none(), BigInteger.TWO, NOW, NEXT));

        assertThat(crl.getRevokedCertificates()).isNull();
        assertThat(crl.getIssuerX500Principal()).isEqualTo(NAME);
        assertThat(crl.getThisUpdate().toInstant()).isEqualTo(NOW);
        assertThat(crl.getNextUpdate().toInstant()).isEqualTo(NEXT);
        assertThat(crl.getVersion()).isEqualTo(2);
    }

    @Test
    void has_number_and_key_identifier_and_no_distribution_point() throws GeneralSecurityException {
        var crl = parsed(encoder.encode(Revocations.none(), BigInteger.valueOf(300), NOW, NEXT));

        assertThat(crl.getNonCriticalExtensionOIDs()).containsExactlyInAnyOrder("2.5.29.20", "2.5.29.35");
        assertThat(crl.getCriticalExtensionOIDs()).isEmpty();
        assertThat(crl.getExtensionValue("2.5.29.20")).containsExactly(4, 4, 2, 2, 1, 44);
        assertThat(crl.getExtensionValue("2.5.29.35")).containsExactly(4, 7, 0x30, 5, 0x80, 3, 1, 2, 3);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 5, 6, 9})
    void writes_the_reason_unless_it_is_unspecified(int reason) throws GeneralSecurityException {
        var set = new RevokedSet();
        set.fill(BigInteger.valueOf(77), NOW.minusSeconds(5), reason, END);

        X509CRLEntry entry = parsed(encoder.encode(settled(set), BigInteger.ONE, NOW, NEXT))
                .getRevokedCertificate(BigInteger.valueOf(77));

        assertThat(entry.getRevocationDate().toInstant()).isEqualTo(NOW.minusSeconds(5));
        if (reason == 0) {
            assertThat(entry.hasExtensions()).isFalse();
        } else {
            assertThat(entry.getRevocationReason()).isEqualTo(CRLReason.values()[reason]);
        }
    }

    @Test
    void serial_numbers_of_every_length_survive() throws GeneralSecurityException {
        var set = new RevokedSet();
        for (var bits = 1; bits <= 160; bits++) {
            set.fill(BigInteger.ONE.shiftLeft(bits - 1), NOW, 1, END);
        }

        var crl = parsed(encoder.encode(settled(set), BigInteger.ONE, NOW, NEXT));

        for (var bits = 1; bits <= 160; bits++) {
            assertThat(crl.getRevokedCertificate(BigInteger.ONE.shiftLeft(bits - 1)))
                    .as("%d bits", bits)
                    .isNotNull();
        }
    }

    @Test
    void from_2050_on_times_are_generalized() throws GeneralSecurityException {
        var late = Instant.parse("2050-01-01T00:00:00Z");
        var set = new RevokedSet();
        set.fill(BigInteger.ONE, late.minusSeconds(1), 1, END);
        set.fill(BigInteger.TWO, late, 1, END);

        var crl = parsed(encoder.encode(settled(set), BigInteger.ONE, late, late.plusSeconds(9)));

        assertThat(crl.getThisUpdate().toInstant()).isEqualTo(late);
        assertThat(crl.getRevokedCertificate(BigInteger.ONE).getRevocationDate().toInstant())
                .isEqualTo(late.minusSeconds(1));
        assertThat(crl.getRevokedCertificate(BigInteger.TWO).getRevocationDate().toInstant())
                .isEqualTo(late);
    }

    @Test
    void the_order_of_adding_does_not_matter() {
        var one = new RevokedSet();
        var other = new RevokedSet();
        for (var i = 1; i <= 1000; i++) {
            one.fill(BigInteger.valueOf(i), NOW, 0, END);
            other.fill(BigInteger.valueOf(1001 - i), NOW, 0, END);
        }

        assertThat(settled(one)).usingRecursiveComparison().isEqualTo(settled(other));
    }

    @Test
    void a_revocation_by_a_clock_that_was_ahead_is_dated_to_the_crl() throws GeneralSecurityException {
        var late = Instant.parse("2050-01-01T00:00:00Z");
        var set = new RevokedSet();
        set.fill(BigInteger.ONE, NOW.plusSeconds(1), 1, END);
        // what is after 2049 would take two bytes more
        set.fill(BigInteger.TWO, late, 1, END);
        set.fill(BigInteger.TEN, NOW.minusSeconds(1), 1, END);

        var crl = parsed(encoder.encode(settled(set), BigInteger.ONE, NOW, NEXT));

        assertThat(crl.getThisUpdate().toInstant()).isEqualTo(NOW);
        assertThat(date(crl, BigInteger.ONE)).isEqualTo(NOW);
        assertThat(date(crl, BigInteger.TWO)).isEqualTo(NOW);
        assertThat(date(crl, BigInteger.TEN)).isEqualTo(NOW.minusSeconds(1));
    }

    private static Instant date(X509CRL crl, BigInteger serial) {
        return crl.getRevokedCertificate(serial).getRevocationDate().toInstant();
    }

    @Test
    void refuses_what_is_no_entry() {
        var set = new RevokedSet();

        assertThatThrownBy(() -> set.fill(BigInteger.ZERO, NOW, 1, END)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> set.fill(BigInteger.ONE.shiftLeft(168), NOW, 1, END))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> set.fill(BigInteger.ONE, NOW, 11, END)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void openssl_reads_a_hundred_thousand_entries(@TempDir Path directory) throws Exception {
        Tools.require("openssl");
        var random = new Random(7);
        var set = new RevokedSet();
        for (var i = 0; i < 100_000; i++) {
            set.fill(new BigInteger(127, random).setBit(127), NOW.minusSeconds(random.nextInt(1_000_000)), i % 2, END);
        }
        var file = directory.resolve("big.crl");
        Files.write(
                file, encoder.encode(settled(set), BigInteger.ONE, NOW, NEXT).der());

        var text = ProcessRun.of("openssl", "crl", "-inform", "DER", "-in", file.toString(), "-noout", "-text")
                .run()
                .ok()
                .out();

        assertThat(text.lines().filter(line -> line.contains("Serial Number:"))).hasSize(100_000);
        assertThat(text.lines().filter(line -> line.contains("Key Compromise"))).hasSize(50_000);
    }

    private static Revocations settled(RevokedSet set) {
        set.filled();
        return set.settle(Instant.EPOCH);
    }

    private static X509CRL parsed(PublishedCrl published) throws GeneralSecurityException {
        var crl = (X509CRL)
                CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(published.der()));
        crl.verify(PAIR.getPublic());
        return crl;
    }
}

package io.gatehouse.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.testkit.TestAuthority;
import io.gatehouse.x509.der.MalformedException;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CrlStreamTest {
    private static final TestAuthority CA = TestAuthority.root().devicesCa();
    private static final List<X509Certificate> REVOKED =
            List.of(CA.device("d-1").certificate(), CA.device("d-2").certificate());

    @Test
    void reads_what_another_library_wrote() throws Exception {
        var crl = CA.crl(7, REVOKED);
        var serials = new ArrayList<BigInteger>();
        var summary = CrlStream.read(
                new ByteArrayInputStream(crl.getEncoded()),
                CA.certificate().getPublicKey(),
                entry -> serials.add(entry.serial()));
        assertThat(serials)
                .containsExactlyElementsOf(
                        REVOKED.stream().map(X509Certificate::getSerialNumber).toList());
        assertThat(summary.entries()).isEqualTo(2);
        assertThat(summary.number()).contains(BigInteger.valueOf(7));
        assertThat(summary.thisUpdate()).isEqualTo(crl.getThisUpdate().toInstant());
        assertThat(summary.nextUpdate()).contains(crl.getNextUpdate().toInstant());
        assertThat(summary.issuer().der())
                .isEqualTo(CA.certificate().getSubjectX500Principal().getEncoded());
    }

    @Test
    void reads_a_list_without_entries() throws Exception {
        assertThat(read(CA.crl(1, List.of()).getEncoded(), CA.certificate().getPublicKey())
                        .entries())
                .isZero();
    }

    @Test
    void refuses_a_list_of_another_key() {
        assertThatThrownBy(() -> read(
                        CA.crl(1, REVOKED).getEncoded(), CA.rootCertificate().getPublicKey()))
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void refuses_a_list_cut_off_or_altered_at_any_byte() throws Exception {
        var der = CA.crl(1, REVOKED).getEncoded();
        for (var at = 0; at < der.length; at++) {
            var cut = Arrays.copyOf(der, at);
            assertThatThrownBy(() -> read(cut, CA.certificate().getPublicKey())).isInstanceOf(MalformedException.class);
            var altered = der.clone();
            altered[at] ^= 0x01;
            assertThatThrownBy(() -> read(altered, CA.certificate().getPublicKey()))
                    .isInstanceOf(MalformedException.class);
        }
        assertThatThrownBy(() -> read(
                        Arrays.copyOf(der, der.length + 1), CA.certificate().getPublicKey()))
                .isInstanceOf(MalformedException.class);
    }

    private static CrlStream.Summary read(byte[] der, PublicKey key) throws Exception {
        return CrlStream.read(new ByteArrayInputStream(der), key, entry -> {});
    }
}

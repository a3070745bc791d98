package io.gatehouse.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.TestAuthority;
import io.gatehouse.testkit.Tools;
import io.gatehouse.x509.der.MalformedException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemTest {
    private static final TestAuthority ROOT = TestAuthority.root();

    @Test
    void reads_back_certificates_in_order_and_ignores_text_between_them() throws MalformedException {
        var certificates = List.of(ROOT.certificate(), ROOT.devicesCa().certificate());
        assertThat(Pem.certificates("subject=x\r\n" + Pem.write(certificates).replace("\n", "\r\n")))
                .isEqualTo(certificates);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "-----BEGIN CERTIFICATE-----\nMIIB\n",
                "-----BEGIN CERTIFICATE-----\nMIIB\n-----END PRIVATE KEY-----\n",
                "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n",
                "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
                "-----BEGIN CERTIFICATE\nMIIB\n-----END CERTIFICATE-----\n",
                "-----BEGIN CERTIFICATE-----\nProc-Type: 4,ENCRYPTED\n\nMIIB\n-----END CERTIFICATE-----\n"
            })
    void refuses_what_holds_no_certificate(String text) {
        assertThatThrownBy(() -> Pem.certificates(text)).isInstanceOf(MalformedException.class);
    }

    @Test
    void reads_keys_that_openssl_made() throws MalformedException {
        Tools.require("openssl");
        for (var kind :
                List.of("EC -pkeyopt ec_paramgen_curve:P-256", "RSA -pkeyopt rsa_keygen_bits:2048", "ED25519")) {
            var pem = ProcessRun.of("openssl", "genpkey", "-algorithm")
                    .with(kind.split(" "))
                    .run()
                    .ok()
                    .out();
            assertThat(Pem.privateKey(pem).getFormat()).isEqualTo("PKCS#8");
        }
    }

    @Test
    void openssl_reads_a_key_that_it_wrote() {
        Tools.require("openssl");
        ProcessRun.of("openssl", "pkey", "-noout", "-check")
                .stdin(Pem.write(Keys.generateP256().getPrivate()))
                .run()
                .ok();
    }
}

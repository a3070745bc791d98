package io.gatehouse.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.PemText;
import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.Tools;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The device certificate against the SPIFFE X.509-SVID specification, rule by rule, with the section of each; read by the JDK and openssl and
 * none of our code. All but one rule hold; {@link #section_4_4_is_kept_but_for_serverAuth} says which and why.
 */
@ExtendWith(SharedGatehouse.class)
class SvidTest {
    private static final int URI_NAME = 6;
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int KEY_CERT_SIGN = 5;
    private static final int CRL_SIGN = 6;
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

    @TempDir
    Path directory;

    private String id;
    private X509Certificate leaf;
    private X509Certificate ca;
    private X509Certificate root;

    @BeforeEach
    void enroll(Gatehouse gatehouse) {
        String fleet = SharedGatehouse.fresh("svid");
        id = SharedGatehouse.fresh("sv.id_x");
        gatehouse.fleet(fleet);
        HeldCertificate held = gatehouse.enroll(fleet, id);
        List<X509Certificate> authorities =
                PemText.readCertificates(gatehouse.home().resolve("pki/devices.pem"));
        leaf = held.certificate();
        root = authorities.get(0);
        ca = authorities.get(1);
    }

    @Test
    void section_2_exactly_one_uri() throws Exception {
        assertThat(leaf.getSubjectAlternativeNames())
                .filteredOn(name -> name.get(0).equals(URI_NAME))
                .hasSize(1);
    }

    @Test
    void section_3_1_the_id_has_a_path_and_the_name_is_critical_only_without_a_subject() throws Exception {
        assertThat(uri().getPath()).isEqualTo("/device/" + id);
        assertThat(leaf.getSubjectX500Principal().getName()).isEqualTo("CN=" + id);
        assertThat(leaf.getCriticalExtensionOIDs()).doesNotContain("2.5.29.17");
    }

    /** SPIFFE-ID, sections 2 to 2.4: scheme, trust domain, path, length. */
    @Test
    void the_id_is_a_spiffe_id() throws Exception {
        String text = uriText();
        assertThat(text.getBytes(StandardCharsets.US_ASCII).length).isLessThanOrEqualTo(2048);
        assertThat(text).matches("spiffe://[a-z0-9._-]{1,255}(/[A-Za-z0-9._-]+)+");
        assertThat(text).doesNotContain("/./", "/../");
        assertThat(uri().getUserInfo()).isNull();
        assertThat(uri().getPort()).isEqualTo(-1);
        assertThat(uri().getQuery()).isNull();
        assertThat(uri().getFragment()).isNull();
    }

    @Test
    void sections_3_2_and_4_1_only_authorities_are_cas() {
        assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
        assertThat(ca.getBasicConstraints()).isZero();
        assertThat(root.getBasicConstraints()).isGreaterThan(0);
    }

    @Test
    void section_4_2_the_authority_is_held_to_the_trust_domain() throws Exception {
        Tools.require("openssl");
        Path file = Files.writeString(directory.resolve("ca.pem"), PemText.certificate(ca));
        assertThat(ProcessRun.of("openssl", "x509", "-noout", "-ext", "nameConstraints", "-in", file.toString())
                        .run()
                        .ok()
                        .out())
                .contains("X509v3 Name Constraints: critical", "URI:" + uri().getHost());
    }

    @Test
    void section_4_3_key_usage_is_there_and_critical() {
        for (X509Certificate each : List.of(leaf, ca, root)) {
            assertThat(each.getCriticalExtensionOIDs()).contains("2.5.29.15");
        }
        assertThat(leaf.getKeyUsage()[DIGITAL_SIGNATURE]).isTrue();
        assertThat(leaf.getKeyUsage()[KEY_CERT_SIGN]).isFalse();
        assertThat(leaf.getKeyUsage()[CRL_SIGN]).isFalse();
        assertThat(ca.getKeyUsage()[KEY_CERT_SIGN]).isTrue();
        assertThat(root.getKeyUsage()[KEY_CERT_SIGN]).isTrue();
    }

    /**
     * "When included, fields id-kp-serverAuth and id-kp-clientAuth MUST be set": a device is never a server here, because whoever trusts the
     * devices CA for servers too could be met by a device. No rule of validation (section 5.2) looks at it.
     */
    @Test
    void section_4_4_is_kept_but_for_serverAuth() throws Exception {
        assertThat(leaf.getExtendedKeyUsage()).containsExactly(CLIENT_AUTH);
    }

    @Test
    void section_5_1_the_path_is_valid() throws Exception {
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
        parameters.setRevocationEnabled(false);
        CertPathValidator.getInstance("PKIX")
                .validate(CertificateFactory.getInstance("X.509").generateCertPath(List.of(leaf, ca)), parameters);
    }

    private URI uri() throws Exception {
        return URI.create(uriText());
    }

    private String uriText() throws Exception {
        return leaf.getSubjectAlternativeNames().stream()
                .filter(name -> name.get(0).equals(URI_NAME))
                .map(name -> (String) name.get(1))
                .findFirst()
                .orElseThrow();
    }
}

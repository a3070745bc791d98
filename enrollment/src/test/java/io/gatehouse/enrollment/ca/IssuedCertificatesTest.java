package io.gatehouse.enrollment.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.enrollment.ca.crl.CrlEncoder;
import io.gatehouse.enrollment.ca.crl.RevokedSet;
import io.gatehouse.enrollment.ca.lint.LintException;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.enrollment.keys.SoftwareKey;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.testkit.Tools;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IssuedCertificatesTest {
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private static final Instant END = NOW.plus(Duration.ofDays(90));
    private static final ServiceConfig CONFIG = ServiceConfig.defaults();
    private static final Hierarchies HIERARCHIES = Hierarchies.inMemory(CONFIG, InstantSource.fixed(NOW));
    private static final CertificateIssuer ISSUER = new CertificateIssuer(HIERARCHIES, CONFIG);
    private static final PublicKey KEY = SoftwareKey.generate().getPublic();
    private static final DeviceId ID = DeviceId.of("pump-7.north_A");

    @TempDir
    private Path directory;

    @Test
    void a_device_is_accepted_as_a_client_by_openssl_with_every_check() {
        var device = ISSUER.issueDevice(ID, KEY, NOW.minusSeconds(300), END);

        var verdict = judges().openssl("sslclient", device, ISSUER.devicesCa(), ISSUER.devicesRoot(), crls(true));

        assertThat(verdict.both()).contains("OK");
        assertThat(verdict.exit()).isZero();
    }

    @Test
    void a_device_is_refused_as_a_server() {
        var device = ISSUER.issueDevice(ID, KEY, NOW.minusSeconds(300), END);

        var verdict = judges().openssl("sslserver", device, ISSUER.devicesCa(), ISSUER.devicesRoot(), crls(true));

        assertThat(verdict.both()).contains("unsuitable certificate purpose");
    }

    @Test
    void a_revoked_device_is_refused_by_openssl_and_by_the_jdk() {
        var device = ISSUER.issueDevice(ID, KEY, NOW.minusSeconds(300), END);
        var crls = crls(true, device.getSerialNumber());

        assertThat(judges().openssl("sslclient", device, ISSUER.devicesCa(), ISSUER.devicesRoot(), crls)
                        .both())
                .contains("certificate revoked");
        assertThatThrownBy(() -> jdk(device, ISSUER.devicesCa(), ISSUER.devicesRoot(), crls))
                .hasMessageContaining("revoked");
    }

    @Test
    void server_and_feed_are_accepted_by_openssl_for_their_purpose_alone() {
        var server = server();
        var feed = ISSUER.issueFeed(BrokerName.of("b1"), KEY, NOW, END);

        assertThat(services("sslserver", server)).contains("OK");
        assertThat(services("sslclient", server)).contains("unsuitable certificate purpose");
        assertThat(services("sslclient", feed)).contains("OK");
        assertThat(services("sslserver", feed)).contains("unsuitable certificate purpose");
    }

    @Test
    void gnutls_verifies_all_three() {
        var device = ISSUER.issueDevice(ID, KEY, NOW, END);

        assertThat(judges().gnutls(device, ISSUER.devicesCa(), ISSUER.devicesRoot()))
                .contains("Chain verification output: Verified");
        for (var certificate : List.of(server(), ISSUER.issueFeed(BrokerName.of("b1"), KEY, NOW, END))) {
            assertThat(judges().gnutls(certificate, ISSUER.servicesCa(), ISSUER.servicesRoot()))
                    .contains("Chain verification output: Verified");
        }
    }

    @Test
    void the_jdk_validates_all_three_with_revocation() throws GeneralSecurityException {
        jdk(ISSUER.issueDevice(ID, KEY, NOW, END), ISSUER.devicesCa(), ISSUER.devicesRoot(), crls(true));
        jdk(server(), ISSUER.servicesCa(), ISSUER.servicesRoot(), crls(false));
        jdk(
                ISSUER.issueFeed(BrokerName.of("b1"), KEY, NOW, END),
                ISSUER.servicesCa(),
                ISSUER.servicesRoot(),
                crls(false));
    }

    @Test
    void the_hierarchies_never_meet() {
        var device = ISSUER.issueDevice(ID, KEY, NOW, END);

        assertThat(judges().openssl("sslclient", device, ISSUER.devicesCa(), ISSUER.servicesRoot(), List.of())
                        .exit())
                .isNotZero();
        assertThatThrownBy(() -> jdk(server(), ISSUER.servicesCa(), ISSUER.devicesRoot(), crls(false)))
                .isInstanceOf(CertPathValidatorException.class);
    }

    @Test
    void a_device_certificate_says_what_the_design_promises() {
        var text = judges().text(ISSUER.issueDevice(ID, KEY, NOW, END));

        assertThat(text)
                .contains("Subject: CN = pump-7.north_A\n")
                .contains("URI:spiffe://gatehouse.internal/device/pump-7.north_A\n")
                .containsPattern("X509v3 Basic Constraints: critical\\s+CA:FALSE\n")
                .containsPattern("X509v3 Key Usage: critical\\s+Digital Signature\n")
                .containsPattern("X509v3 Extended Key Usage: *\\s+TLS Web Client Authentication\n")
                .contains("X509v3 Subject Key Identifier")
                .contains("X509v3 Authority Key Identifier")
                .contains("URI:http://localhost:8080/pki/crl/devices.crl\n")
                .contains("OCSP - URI:http://localhost:8080/pki/ocsp\n")
                .contains("CA Issuers - URI:http://localhost:8080/pki/ca/devices.cer\n")
                .contains("Signature Algorithm: ecdsa-with-SHA256");
    }

    @Test
    void the_devices_ca_says_what_the_design_promises() {
        assertThat(judges().text(ISSUER.devicesCa()))
                .containsPattern("X509v3 Basic Constraints: critical\\s+CA:TRUE, pathlen:0\n")
                .containsPattern("X509v3 Key Usage: critical\\s+Certificate Sign, CRL Sign\n")
                .containsPattern("X509v3 Extended Key Usage: *\\s+TLS Web Client Authentication, OCSP Signing\n")
                .containsPattern("X509v3 Name Constraints: critical\\s+Permitted:\\s+URI:gatehouse.internal\n")
                .doesNotContain("Excluded")
                .contains("URI:http://localhost:8080/pki/crl/devices-root.crl\n")
                .contains("CA Issuers - URI:http://localhost:8080/pki/ca/devices-root.cer\n");
    }

    @Test
    void names_hosts_as_names_and_addresses_as_addresses() {
        assertThat(judges().text(server()))
                .contains("DNS:gate.example.org, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, "
                        + "URI:spiffe://gatehouse.internal/service/enrollment\n");
    }

    /**
     * What a stolen devices CA key could sign: our linter would not, so the certificate is made without it. gnutls 3.7 is no judge here: it
     * does not look at constraints on URIs.
     */
    @ParameterizedTest
    @ValueSource(strings = {"spiffe://example.org/device/x", "spiffe://a.gatehouse.internal/device/x"})
    void verifiers_refuse_a_name_outside_of_the_constraints(String uri) {
        Tools.require("openssl");
        var stolen = new StolenAuthority("gatehouse.internal", NOW);
        var forged = stolen.forge("x", uri);

        assertThat(judges().openssl("sslclient", forged, stolen.certificate(), stolen.root(), List.of())
                        .both())
                .contains("permitted subtree violation");
        assertThatThrownBy(() -> jdk(forged, stolen.certificate(), stolen.root(), List.of()))
                .isInstanceOf(CertPathValidatorException.class)
                .hasMessageContaining("constraints");
        var sound = stolen.forge("x", "spiffe://gatehouse.internal/device/x");
        assertThatCode(() -> jdk(sound, stolen.certificate(), stolen.root(), List.of()))
                .doesNotThrowAnyException();
    }

    @Test
    void a_certificate_never_outlives_its_issuer() {
        var device = ISSUER.issueDevice(ID, KEY, NOW.minus(Duration.ofDays(1)), NOW.plus(Duration.ofDays(40_000)));

        assertThat(device.getNotAfter()).isEqualTo(ISSUER.devicesCa().getNotAfter());
        assertThat(device.getNotBefore()).isEqualTo(ISSUER.devicesCa().getNotBefore());
    }

    @Test
    void serial_numbers_are_positive_long_and_never_the_same() {
        var serials = new ArrayList<BigInteger>();
        for (var i = 0; i < 200; i++) {
            serials.add(ISSUER.issueDevice(ID, KEY, NOW, END).getSerialNumber());
        }

        assertThat(serials).doesNotHaveDuplicates().allMatch(serial -> serial.signum() > 0);
        assertThat(serials).allMatch(serial -> serial.toByteArray().length <= 20 && serial.bitLength() > 64);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Ed25519", "RSA:2048", "RSA:3072", "EC:384", "EC:521"})
    void devices_may_have_other_kinds_of_keys(String kind) throws GeneralSecurityException {
        var parts = kind.split(":", 2);
        var generator = KeyPairGenerator.getInstance(parts[0]);
        if (parts.length > 1) {
            generator.initialize(Integer.parseInt(parts[1]));
        }
        var key = generator.generateKeyPair().getPublic();

        var device = ISSUER.issueDevice(ID, key, NOW, END);

        assertThat(device.getPublicKey()).isEqualTo(key);
        jdk(device, ISSUER.devicesCa(), ISSUER.devicesRoot(), crls(true));
    }

    @Test
    void a_weak_key_is_never_signed() throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(1024);
        var weak = generator.generateKeyPair().getPublic();

        assertThatThrownBy(() -> ISSUER.issueDevice(ID, weak, NOW, END)).isInstanceOf(LintException.class);
    }

    @Test
    void two_homes_have_different_names() {
        var other = new CertificateIssuer(Hierarchies.inMemory(CONFIG, InstantSource.fixed(NOW)), CONFIG);

        assertThat(other.estCaCerts())
                .extracting(X509Certificate::getSubjectX500Principal)
                .doesNotHaveDuplicates()
                .doesNotContainAnyElementsOf(ISSUER.estCaCerts().stream()
                        .map(X509Certificate::getSubjectX500Principal)
                        .toList());
    }

    private Judges judges() {
        return new Judges(directory);
    }

    private String services(String purpose, X509Certificate certificate) {
        return judges().openssl(purpose, certificate, ISSUER.servicesCa(), ISSUER.servicesRoot(), crls(false))
                .both();
    }

    private static X509Certificate server() {
        return ISSUER.issueServer(
                List.of("gate.example.org", "127.0.0.1", "::1"),
                "spiffe://gatehouse.internal/service/enrollment",
                KEY,
                NOW,
                END);
    }

    private static List<byte[]> crls(boolean devices, BigInteger... revoked) {
        var authority = devices ? HIERARCHIES.devices() : HIERARCHIES.services();
        var root = devices ? HIERARCHIES.devicesRootCrl() : HIERARCHIES.servicesRootCrl();
        var set = new RevokedSet();
        for (var serial : revoked) {
            set.put(serial, NOW, 1, END);
        }
        set.filled();
        var own = new CrlEncoder(authority.crlIssuer()).encode(set.settle(NOW), BigInteger.TEN, NOW, END);
        return List.of(own.der(), root.der());
    }

    private static void jdk(X509Certificate leaf, X509Certificate issuer, X509Certificate root, List<byte[]> crls)
            throws GeneralSecurityException {
        var factory = CertificateFactory.getInstance("X.509");
        var parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
        parameters.setRevocationEnabled(!crls.isEmpty());
        var validator = CertPathValidator.getInstance("PKIX");
        if (!crls.isEmpty()) {
            var parsed = new ArrayList<X509CRL>();
            for (var der : crls) {
                parsed.add((X509CRL) factory.generateCRL(new ByteArrayInputStream(der)));
            }
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(parsed)));
            var checker = (PKIXRevocationChecker) validator.getRevocationChecker();
            checker.setOptions(
                    EnumSet.of(PKIXRevocationChecker.Option.PREFER_CRLS, PKIXRevocationChecker.Option.NO_FALLBACK));
            parameters.addCertPathChecker(checker);
        }
        validator.validate(factory.generateCertPath(List.of(leaf, issuer)), parameters);
    }
}

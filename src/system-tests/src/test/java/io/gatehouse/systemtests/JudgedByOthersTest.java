package io.gatehouse.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.PemText;
import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.Tools;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Certificates and revocation lists in the eyes of verifiers that are not ours. */
@ExtendWith(SharedGatehouse.class)
class JudgedByOthersTest {
    private static final Duration CRL_DELAY = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final String fleet = SharedGatehouse.fresh("judged");
    private final String id = SharedGatehouse.fresh("j");

    @BeforeEach
    void make_the_fleet(Gatehouse gatehouse) {
        gatehouse.fleet(fleet);
    }

    @Test
    void openssl_accepts_a_device_and_sees_its_revocation(Gatehouse gatehouse) {
        Tools.require("openssl");
        Path device = write(gatehouse.enroll(fleet, id));
        assertThat(openssl(gatehouse, device).ok().out()).contains(": OK");
        gatehouse.rest().post("/api/v1/devices/" + id + "/revoke").expect(200);
        Await.until(
                "openssl sees the revocation",
                CRL_DELAY,
                () -> openssl(gatehouse, device).both().contains("certificate revoked"));
    }

    @Test
    void openssl_sees_a_hold_and_its_end(Gatehouse gatehouse) {
        Tools.require("openssl");
        Path device = write(gatehouse.enroll(fleet, id));
        gatehouse.rest().post("/api/v1/devices/" + id + "/suspend").expect(200);
        Await.until(
                "openssl sees the hold",
                CRL_DELAY,
                () -> openssl(gatehouse, device).both().contains("certificate revoked"));
        gatehouse.rest().post("/api/v1/devices/" + id + "/resume").expect(200);
        Await.until(
                "openssl sees the end of the hold",
                CRL_DELAY,
                () -> openssl(gatehouse, device).exit() == 0);
    }

    @Test
    void gnutls_accepts_a_device_and_sees_its_revocation(Gatehouse gatehouse) {
        Tools.require("certtool", "openssl");
        Path device = write(gatehouse.enroll(fleet, id));
        assertThat(gnutls(gatehouse, device).both()).contains("Chain verification output: Verified");
        gatehouse.rest().post("/api/v1/devices/" + id + "/revoke").expect(200);
        Await.until(
                "gnutls sees the revocation",
                CRL_DELAY,
                () -> gnutls(gatehouse, device)
                        .both()
                        .matches("(?s).*Chain verification output: Not verified.*revoked.*"));
    }

    @Test
    void openssl_accepts_the_services_and_takes_them_for_no_device(Gatehouse gatehouse) {
        Tools.require("openssl");
        for (int port : new int[] {gatehouse.enrollPort(), gatehouse.adminPort(), gatehouse.mqttPort()}) {
            String shown = ProcessRun.of("openssl", "s_client", "-verify_return_error", "-verify_hostname", "localhost")
                    .with("-x509_strict", "-purpose", "sslserver")
                    .with("-CAfile", gatehouse.trustFile().toString())
                    .with("-connect", "localhost:" + port)
                    .stdin("Q\n")
                    .run()
                    .both();
            assertThat(shown).as("port " + port).contains("Verification: OK");
        }
        Path crossed = ProcessFiles.write(
                directory.resolve("services.pem"),
                PemText.certificate(gatehouse.trust().get(0)));
        Path device = write(gatehouse.enroll(fleet, id));
        assertThat(ProcessRun.of("openssl", "verify", "-partial_chain", "-CAfile", crossed.toString())
                        .with("-untrusted", device.toString(), device.toString())
                        .run()
                        .exit())
                .as("a device under the services root")
                .isNotZero();
    }

    @Test
    void openssl_finds_every_extension_that_the_profile_promises(Gatehouse gatehouse) {
        Tools.require("openssl");
        String text = ProcessRun.of("openssl", "x509", "-noout", "-text", "-in")
                .with(write(gatehouse.enroll(fleet, id)).toString())
                .run()
                .ok()
                .out();
        assertThat(text)
                .contains("CN = " + id)
                .contains("URI:spiffe://gatehouse.internal/device/" + id)
                .contains("CA:FALSE")
                .containsPattern("Key Usage: critical\\s+Digital Signature\\n")
                .containsPattern("Extended Key Usage:\\s+TLS Web Client Authentication\\n")
                .contains("/pki/crl/devices.crl")
                .contains("CA Issuers - URI:http://")
                .contains("Subject Key Identifier")
                .contains("Authority Key Identifier")
                .doesNotContain("DNS:");
    }

    private ProcessRun.Result openssl(Gatehouse gatehouse, Path device) {
        List<java.security.cert.X509Certificate> authorities =
                PemText.readCertificates(gatehouse.home().resolve("pki/devices.pem"));
        Path root = ProcessFiles.write(directory.resolve("root.pem"), PemText.certificate(authorities.get(0)));
        Path ca = ProcessFiles.write(directory.resolve("ca.pem"), PemText.certificate(authorities.get(1)));
        Path crls = ProcessFiles.write(
                directory.resolve("crls.pem"),
                PemText.block("X509 CRL", crl(gatehouse, "devices"))
                        + PemText.block("X509 CRL", crl(gatehouse, "devices-root")));
        return ProcessRun.of("openssl", "verify", "-x509_strict", "-crl_check_all", "-purpose", "sslclient")
                .with("-CAfile", root.toString(), "-untrusted", ca.toString(), "-CRLfile", crls.toString())
                .with(device.toString())
                .run();
    }

    private ProcessRun.Result gnutls(Gatehouse gatehouse, Path device) {
        Path crl = ProcessFiles.write(
                directory.resolve("gnutls-crls.pem"),
                PemText.block("X509 CRL", crl(gatehouse, "devices"))
                        + PemText.block("X509 CRL", crl(gatehouse, "devices-root")));
        Path root = ProcessFiles.write(
                directory.resolve("gnutls-root.pem"),
                PemText.certificate(PemText.readCertificates(gatehouse.home().resolve("pki/devices.pem"))
                        .get(0)));
        return ProcessRun.of("certtool", "--verify", "--verify-purpose=1.3.6.1.5.5.7.3.2")
                .with("--load-ca-certificate", root.toString(), "--load-crl", crl.toString())
                .with("--infile", device.toString())
                .run();
    }

    private static byte[] crl(Gatehouse gatehouse, String name) {
        try (InputStream in = URI.create("http://localhost:" + gatehouse.pkiPort() + "/pki/crl/" + name + ".crl")
                .toURL()
                .openStream()) {
            return in.readAllBytes();
        } catch (IOException broken) {
            throw new java.io.UncheckedIOException(broken);
        }
    }

    private Path write(HeldCertificate held) {
        return held.writeTo(directory, "device").certificates();
    }

    /** Files for tools. */
    private static final class ProcessFiles {
        static Path write(Path file, String text) {
            try {
                return Files.writeString(file, text);
            } catch (IOException broken) {
                throw new java.io.UncheckedIOException(broken);
            }
        }
    }
}

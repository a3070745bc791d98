package io.gatehouse.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.PemText;
import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.TestDevice;
import io.gatehouse.testkit.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A device with a factory certificate that openssl made (IEEE 802.1AR), curl as its EST client, and the packaged service. */
@ExtendWith(SharedGatehouse.class)
class FactoryCertificateTest {
    @TempDir
    Path directory;

    private final String fleet = SharedGatehouse.fresh("factory");
    private final String id = SharedGatehouse.fresh("sn");

    @BeforeEach
    void make_the_maker(Gatehouse gatehouse) throws IOException {
        Tools.require("openssl", "curl");
        gatehouse.fleet(fleet);
        Files.writeString(directory.resolve("ca.cnf"), """
                [ca]
                default_ca = maker
                [maker]
                database = index.txt
                serial = serial
                new_certs_dir = .
                default_md = sha256
                policy = any
                x509_extensions = idevid
                unique_subject = no
                [any]
                organizationName = optional
                serialNumber = optional
                commonName = optional
                [idevid]
                basicConstraints = CA:FALSE
                keyUsage = critical, digitalSignature
                authorityKeyIdentifier = keyid
                """);
        Files.writeString(directory.resolve("index.txt"), "");
        Files.writeString(directory.resolve("serial"), "01\n");
        openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes -keyout maker.key -out maker.pem"
                + " -subj /O=Maker/CN=Root -days 7300 -addext keyUsage=critical,keyCertSign");
        idevid("idevid", id, "20200101000000Z", "99991231235959Z");
    }

    @Test
    void enrolls_connects_and_is_given_the_same_again(Gatehouse gatehouse) throws IOException {
        trust(gatehouse);
        TestDevice device = TestDevice.named(id);
        Answer first = enroll(gatehouse, "idevid", device.requestWithoutSubject());
        X509Certificate certificate = first.certificate();
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=" + id);
        HeldCertificate held = device.holding(certificate, List.of(gatehouse.devicesCa()));
        gatehouse.mqtt(id).with(held).connect().close();

        assertThat(enroll(gatehouse, "idevid", device.request()).certificate()).isEqualTo(certificate);
        assertThat(enroll(gatehouse, "idevid", device.rekeyed().request()).refused())
                .isEqualTo("409 key-mismatch");
    }

    @Test
    void the_factorys_own_key_and_subject_are_taken_too(Gatehouse gatehouse) throws IOException {
        trust(gatehouse);
        openssl("req -new -key idevid.key -subj /O=Maker/serialNumber=" + id + " -outform DER -out own.der");

        X509Certificate certificate = enroll(gatehouse, "idevid", Files.readAllBytes(directory.resolve("own.der")))
                .certificate();
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=" + id);
        assertThat(certificate.getPublicKey())
                .isEqualTo(PemText.readCertificates(directory.resolve("idevid.pem"))
                        .get(0)
                        .getPublicKey());
    }

    @Test
    void a_fleet_that_does_not_trust_the_maker_says_so(Gatehouse gatehouse) throws IOException {
        byte[] request = TestDevice.named(id).requestWithoutSubject();
        assertThat(enroll(gatehouse, "idevid", request).refused()).isEqualTo("403 unknown-issuer");

        String root = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout maker.key -out maker.pem"
                + " -subj /O=Maker/CN=Root -days 7300";
        openssl(root);
        trust(gatehouse);
        assertThat(enroll(gatehouse, "idevid", request).refused())
                .as("a root of the same name with another key")
                .isEqualTo("403 unknown-issuer");
    }

    @Test
    void an_expired_one_needs_the_explicit_choice(Gatehouse gatehouse) throws IOException {
        openssl("req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout old.key -out old.csr"
                + " -subj /O=Maker/CN=Old");
        openssl("ca -batch -config ca.cnf -selfsign -keyfile old.key -in old.csr -out maker.pem -notext"
                + " -startdate 20100101000000Z -enddate 20300101000000Z -extensions v3_ca -extfile "
                + Files.writeString(
                        directory.resolve("v3"), "[v3_ca]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign\n"));
        Files.copy(directory.resolve("old.key"), directory.resolve("maker.key"), StandardCopyOption.REPLACE_EXISTING);
        idevid("expired", id, "20150101000000Z", "20200101000000Z");
        trust(gatehouse);
        byte[] request = TestDevice.named(id).requestWithoutSubject();

        assertThat(enroll(gatehouse, "expired", request).refused()).isEqualTo("403 expired");
        gatehouse.cli("fleet", "set", fleet, "--factory-accept-expired").ok();
        assertThat(enroll(gatehouse, "expired", request).certificate()).isNotNull();
    }

    @Test
    void a_revoked_device_stays_out_until_it_is_reinstated(Gatehouse gatehouse) throws IOException {
        trust(gatehouse);
        byte[] request = TestDevice.named(id).requestWithoutSubject();
        X509Certificate first = enroll(gatehouse, "idevid", request).certificate();
        gatehouse.cli("device", "revoke", id, "--reason", "key-compromise").ok();
        assertThat(enroll(gatehouse, "idevid", request).refused()).isEqualTo("403 revoked");

        gatehouse.cli("device", "reinstate", id).ok();
        assertThat(gatehouse
                        .rest()
                        .get("/api/v1/devices/" + id)
                        .json()
                        .path("state")
                        .asText())
                .isEqualTo("reinstated");
        X509Certificate second = enroll(gatehouse, "idevid", request).certificate();
        assertThat(second).isNotEqualTo(first);
        assertThat(second.getPublicKey()).isEqualTo(first.getPublicKey());
    }

    private void trust(Gatehouse gatehouse) {
        gatehouse
                .cli(
                        "fleet",
                        "set",
                        fleet,
                        "--factory-anchors",
                        directory.resolve("maker.pem").toString())
                .ok();
    }

    private void idevid(String name, String serial, String from, String until) {
        openssl("req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout " + name + ".key -out " + name
                + ".csr -subj /O=Maker/serialNumber=" + serial);
        openssl("ca -batch -config ca.cnf -cert maker.pem -keyfile maker.key -in " + name + ".csr -out " + name
                + ".pem -notext -startdate " + from + " -enddate " + until);
    }

    private void openssl(String words) {
        ProcessRun.of(("openssl " + words).split(" ")).in(directory).run().ok();
    }

    /** What curl got: the headers, then the body. */
    private record Answer(String headers, byte[] body) {
        String refused() {
            String reason = headers.lines()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("gatehouse-reason: "))
                    .map(line -> line.substring(line.indexOf(' ') + 1).strip())
                    .findFirst()
                    .orElse("-");
            return headers.split(" ")[1] + " " + reason;
        }

        X509Certificate certificate() {
            assertThat(headers).as("%s", new String(body)).startsWith("HTTP/1.1 200");
            String pem = ProcessRun.of("openssl", "pkcs7", "-inform", "DER", "-print_certs")
                    .stdin(Base64.getMimeDecoder().decode(body))
                    .run()
                    .ok()
                    .out();
            return PemText.parseCertificates(pem.getBytes(StandardCharsets.US_ASCII))
                    .get(0);
        }
    }

    private Answer enroll(Gatehouse gatehouse, String identity, byte[] request) throws IOException {
        Path body = Files.writeString(
                directory.resolve("request.b64"), Base64.getEncoder().encodeToString(request));
        ProcessRun.of("curl", "-s", "--cacert", gatehouse.trustFile().toString())
                .with("--cert", identity + ".pem", "--key", identity + ".key", "-D", "head", "-o", "body")
                .with("-H", "Content-Type: application/pkcs10", "--data-binary", "@" + body)
                .with(gatehouse.enrollUrl() + "/.well-known/est/" + fleet + "/simpleenroll")
                .in(directory)
                .run()
                .ok();
        return new Answer(Files.readString(directory.resolve("head")), Files.readAllBytes(directory.resolve("body")));
    }
}

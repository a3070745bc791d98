package io.gatehouse.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.PemText;
import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.RunningProcess;
import io.gatehouse.testkit.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A fleet of somebody else, made with openssl, comes in, connects with mosquitto, and becomes ours with curl. */
@ExtendWith(SharedGatehouse.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ImportedFleetTest {
    /** HiveMQ looks every ten seconds whether its stores have changed. */
    private static final Duration STORES = Duration.ofSeconds(40);

    @TempDir
    static Path directory;

    private final String fleet = SharedGatehouse.fresh("adopted");
    private final String one = SharedGatehouse.fresh("old");
    private final String two = SharedGatehouse.fresh("old");
    private final String stranger = SharedGatehouse.fresh("old");
    private final String listed = SharedGatehouse.fresh("listed");
    private final String listedToo = SharedGatehouse.fresh("listed");

    @BeforeAll
    void make_the_foreign_fleet(Gatehouse gatehouse) throws IOException {
        Tools.require("openssl", "curl", "mosquitto_pub", "mosquitto_sub");
        gatehouse.fleet(fleet);
        openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /O=Other/CN=" + fleet
                + " -keyout ca.key -out ca.pem");
        Files.createDirectories(directory.resolve("certs"));
        Files.writeString(directory.resolve("ext"), "basicConstraints=CA:FALSE\nextendedKeyUsage=clientAuth\n");
        issue(one);
        issue(two);
        issue(stranger);
        issue("unit-1");
        issue("unit-2");
        for (String elsewhere : List.of(stranger, "unit-1", "unit-2")) {
            Files.move(directory.resolve("certs/" + elsewhere + ".pem"), directory.resolve(elsewhere + ".pem"));
        }
    }

    @Test
    void comes_in_by_fingerprint_renews_with_us_and_obeys_a_revocation(Gatehouse gatehouse) throws IOException {
        ProcessRun.Result imported = importAll(gatehouse).ok();
        assertThat(imported.both()).contains("2 devices imported, 0 were here already, 0 refused");
        assertThat(importAll(gatehouse).ok().both()).contains("0 devices imported, 2 were here already, 0 refused");

        Path first = directory.resolve("certs/" + one + ".pem");
        Await.until(one + " is admitted", STORES, () -> publish(gatehouse, one, first, key(one)) == 0);
        assertThat(publish(gatehouse, stranger, directory.resolve(stranger + ".pem"), key(stranger)))
                .as("of the same CA, but not imported")
                .isNotZero();
        awaitRefusal(gatehouse, stranger, "unknown-certificate");
        assertThat(curl(gatehouse, directory.resolve(stranger + ".pem"), key(stranger), "/.well-known/gatehouse/device")
                        .both())
                .contains("unknown-certificate");

        Path renewed = renew(gatehouse, first);
        Await.until("the renewed one is admitted", STORES, () -> publish(gatehouse, one, renewed, key("new")) == 0);
        curl(gatehouse, renewed, key("new"), "/.well-known/gatehouse/device").ok();
        Await.until("the imported one is refused", STORES, () -> publish(gatehouse, one, first, key(one)) != 0);
        awaitRefusal(gatehouse, one, "superseded");

        Path second = directory.resolve("certs/" + two + ".pem");
        try (RunningProcess listening = subscribe(gatehouse, second)) {
            Await.until(
                    "the session is known",
                    STORES,
                    () -> device(gatehouse, two).path("sessions").size() == 1);
            ProcessRun.Result revoked = gatehouse.cli("device", "revoke", two).ok();
            assertThat(revoked.both()).contains("1 session closed");
            listening.kill();
        }
        assertThat(publish(gatehouse, two, second, key(two))).isNotZero();
        awaitRefusal(gatehouse, two, "revoked");
        assertThat(listed(gatehouse, second))
                .as("our CRL says nothing of another issuer's serials")
                .isFalse();
    }

    /** The CSV names devices that their certificates do not name, as an inventory does. */
    @Test
    void comes_in_by_an_inventory_whose_ids_attributes_and_fingerprints_count(Gatehouse gatehouse)
            throws IOException, CertificateEncodingException {
        ProcessRun.Result wrong = importInventory(gatehouse, "00".repeat(32));
        assertThat(wrong.exit()).isEqualTo(1);
        assertThat(wrong.both()).contains("fleet.csv:2").contains(listed);
        for (String id : List.of(listed, listedToo)) {
            assertThat(gatehouse.rest().get("/api/v1/devices/" + id).status())
                    .as(id + ": one row that is not in order stops all")
                    .isEqualTo(404);
        }

        String sha256 = openssl("x509 -in unit-1.pem -noout -fingerprint -sha256")
                .out()
                .strip()
                .replaceFirst(".*=", "");
        assertThat(importInventory(gatehouse, sha256).ok().both())
                .contains("2 devices imported, 0 were here already, 0 refused");
        assertThat(device(gatehouse, listed).path("fleet").asText()).isEqualTo(fleet);
        assertThat(device(gatehouse, listed).path("attributes").path("site").asText())
                .isEqualTo("Hall 3, north");
        for (String[] row : new String[][] {{listed, "unit-1"}, {listedToo, "unit-2"}}) {
            Path certificate = directory.resolve(row[1] + ".pem");
            Await.until(
                    row[0] + " is admitted", STORES, () -> publish(gatehouse, row[0], certificate, key(row[1])) == 0);
        }
        assertThat(publish(gatehouse, "unit-1", directory.resolve("unit-1.pem"), key("unit-1")))
                .as("the id in the certificate is not the device's")
                .isNotZero();
    }

    private ProcessRun.Result importInventory(Gatehouse gatehouse, String sha256)
            throws IOException, CertificateEncodingException {
        byte[] der =
                PemText.readCertificates(directory.resolve("unit-2.pem")).get(0).getEncoded();
        Files.writeString(
                directory.resolve("fleet.csv"),
                String.join(
                        "\r\n",
                        "device,fleet,site,certificate,der,sha256",
                        listed + "," + fleet + ",\"Hall 3, north\",unit-1.pem,," + sha256,
                        listedToo + ",," + "Hall 4,," + Base64.getEncoder().encodeToString(der) + ",",
                        ""));
        return gatehouse.cli(
                "device",
                "import",
                "--fleet",
                fleet,
                "--ca",
                "" + directory.resolve("ca.pem"),
                "--csv",
                "" + directory.resolve("fleet.csv"));
    }

    private ProcessRun.Result importAll(Gatehouse gatehouse) {
        return gatehouse.cli(
                "device",
                "import",
                "--fleet",
                fleet,
                "--id-from",
                "cn",
                "--ca",
                "" + directory.resolve("ca.pem"),
                "--certs",
                "" + directory.resolve("certs"));
    }

    private void issue(String id) {
        openssl("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /O=Other/CN=" + id + " -keyout " + id
                + ".key -out " + id + ".csr");
        openssl("x509 -req -in " + id + ".csr -CA ca.pem -CAkey ca.key -days 20 -extfile ext -out certs/" + id
                + ".pem");
    }

    /** As any EST client does it: the subject of the certificate that it has, a new key. */
    private Path renew(Gatehouse gatehouse, Path current) throws IOException {
        openssl("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /O=Other/CN=" + one
                + " -keyout new.key -outform DER -out new.der");
        openssl("base64 -in new.der -out new.b64");
        ProcessRun.Result answer = curl(
                        gatehouse,
                        current,
                        key(one),
                        "/.well-known/est/simplereenroll",
                        "-H",
                        "Content-Type: application/pkcs10",
                        "--data-binary",
                        "@" + directory.resolve("new.b64"))
                .ok();
        Files.write(directory.resolve("new.p7"), Base64.getMimeDecoder().decode(answer.outBytes()));
        openssl("pkcs7 -inform DER -in new.p7 -print_certs -out new.pem");
        return directory.resolve("new.pem");
    }

    private Path key(String name) {
        return directory.resolve(name + ".key");
    }

    private ProcessRun.Result curl(Gatehouse gatehouse, Path certificate, Path key, String path, String... more) {
        return ProcessRun.of("curl", "-s", "-S", path.contains("/est/") ? "-f" : "-i")
                .with("--cacert", gatehouse.trustFile().toString())
                .with("--cert", certificate.toString(), "--key", key.toString())
                .with(more)
                .with(gatehouse.enrollUrl() + path)
                .run();
    }

    private int publish(Gatehouse gatehouse, String id, Path certificate, Path key) {
        return mosquitto("mosquitto_pub", gatehouse, id, certificate, key)
                .with("-t", "devices/" + id + "/telemetry/t", "-m", "x", "-q", "1")
                .run()
                .exit();
    }

    private RunningProcess subscribe(Gatehouse gatehouse, Path certificate) {
        return mosquitto("mosquitto_sub", gatehouse, two, certificate, key(two))
                .with("-t", "devices/" + two + "/commands/#")
                .start();
    }

    private static ProcessRun mosquitto(String tool, Gatehouse gatehouse, String id, Path certificate, Path key) {
        return ProcessRun.of(tool, "-V", "5", "-h", "localhost", "-p", "" + gatehouse.mqttPort(), "-i", id)
                .with("--cafile", gatehouse.trustFile().toString())
                .with("--cert", certificate.toString(), "--key", key.toString());
    }

    private static JsonNode device(Gatehouse gatehouse, String id) {
        return gatehouse.rest().get("/api/v1/devices/" + id).expect(200).json();
    }

    private static void awaitRefusal(Gatehouse gatehouse, String clientId, String word) {
        Await.until(clientId + " is refused as " + word, STORES, () -> {
            for (JsonNode refusal :
                    gatehouse.rest().get("/api/v1/refusals").expect(200).json().path("items")) {
                if (refusal.path("clientId").asText().equals(clientId)
                        && refusal.path("reason").asText().equals(word)) {
                    return true;
                }
            }
            return false;
        });
    }

    private boolean listed(Gatehouse gatehouse, Path certificate) {
        String serial =
                openssl("x509 -noout -serial -in " + certificate).out().strip().replace("serial=", "");
        ProcessRun.of("curl", "-s", "-f", "-o", directory.resolve("d.crl").toString())
                .with("http://localhost:" + gatehouse.pkiPort() + "/pki/crl/devices.crl")
                .run()
                .ok();
        return openssl("crl -inform DER -noout -text -in d.crl")
                .out()
                .toUpperCase(Locale.ROOT)
                .contains(serial.toUpperCase(Locale.ROOT));
    }

    private ProcessRun.Result openssl(String arguments) {
        return ProcessRun.of("openssl")
                .with(arguments.split(" "))
                .in(directory)
                .run()
                .ok();
    }
}

package io.gatehouse.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.RunningProcess;
import io.gatehouse.testkit.TestDevice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup is made, life goes on, the backup comes back: with the broker as a witness, and without. */
class RestoreTest {
    private static final String ENTRY = "device.enroll";
    private static final Duration READY = Duration.ofSeconds(120);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path temp;

    private Path passphrase;
    private Path backup;

    private Later life(Gatehouse gatehouse) throws IOException {
        passphrase = Files.writeString(temp.resolve("passphrase"), "of the backup\n");
        backup = temp.resolve("home.backup");
        gatehouse.fleet("f");
        HeldCertificate revoked = gatehouse.enroll("f", "revoked");
        TestDevice renews = TestDevice.named("renews");
        HeldCertificate old = gatehouse.enroll("f", renews);
        gatehouse.enroll("f", "quiet");
        gatehouse
                .cli("backup", "--out", backup.toString(), "--passphrase-file", passphrase.toString())
                .ok();

        TestDevice next = renews.rekeyed();
        EstClient.Answer answer = gatehouse.est(old).simpleReenroll(next).expect(200);
        HeldCertificate renewed = next.holding(answer.certificate(), List.of(gatehouse.devicesCa()));
        HeldCertificate late = gatehouse.enroll("f", "late");
        gatehouse
                .rest()
                .post("/api/v1/devices/revoked/revoke", Map.of("reason", "keyCompromise"))
                .expect(200);
        awaitAdmitted(gatehouse, "renews", renewed);
        awaitAdmitted(gatehouse, "late", late);
        assertThat(word(gatehouse, "revoked", revoked)).isEqualTo("revoked");
        assertThat(gatehouse.stop()).isZero();
        return new Later(revoked, renewed, late);
    }

    /** What was given out, or taken away, after the backup. */
    private record Later(HeldCertificate revoked, HeldCertificate renewed, HeldCertificate late) {}

    @Test
    void with_the_broker_as_witness_revocations_stay_and_renewed_devices_go_on() throws IOException {
        try (Gatehouse gatehouse = Gatehouse.up()) {
            Later later = life(gatehouse);
            restore(gatehouse).ok();
            try (RunningProcess again = up(gatehouse)) {
                awaitAdmitted(gatehouse, "renews", later.renewed());
                awaitAdmitted(gatehouse, "late", later.late());
                assertThat(word(gatehouse, "revoked", later.revoked())).isEqualTo("revoked");
                JsonNode standing = JSON.readTree(
                        gatehouse.cli("restoration", "show", "--json").ok().out());
                assertThat(standing.path("missing")).isEmpty();
                assertThat(standing.path("open").asBoolean()).isFalse();
                assertThat(standing.path("witnesses").path(0).path("revoked").asInt())
                        .isPositive();
                // and it can be renewed again, which writes it down in full
                TestDevice once = TestDevice.named("renews");
                gatehouse.est(later.renewed()).simpleReenroll(once).expect(200);
                assertThat(gatehouse.rest().get("/api/v1/devices/renews").json().toString())
                        .contains(later.renewed().sha256());
                gatehouse
                        .cli("audit", "verify", "--home", gatehouse.home().toString())
                        .ok();
                assertThat(gatehouse.cli("audit", "list").out()).contains("home.restore");
                again.terminate();
                assertThat(again.awaitExit(Duration.ofSeconds(20))).isZero();
            }
        }
    }

    @Test
    void without_a_witness_it_says_what_is_lost() throws IOException {
        try (Gatehouse gatehouse = Gatehouse.up()) {
            Later later = life(gatehouse);
            ProcessRun.Result said = restore(gatehouse, "--witness", "none").ok();
            assertThat(said.out()).contains("NO BROKER IS ASKED", "Lost is everything");
            List<String> enrolled;
            try (RunningProcess again = up(gatehouse)) {
                awaitAdmitted(gatehouse, "revoked", later.revoked());
                assertThat(word(gatehouse, "renews", later.renewed())).isEqualTo("unknown-certificate");
                assertThat(gatehouse.cli("restoration", "show").ok().out()).contains("revoke again");
                enrolled = enrolled(gatehouse);
                again.terminate();
                assertThat(again.awaitExit(Duration.ofSeconds(20))).isZero();
            }
            assertThat(enrolled).contains("revoked", "renews", "quiet").doesNotContain("late");
            aChangedCopyIsFound(gatehouse, enrolled.size());
        }
    }

    /** Of whom the audit says that they were enrolled, an entry each. */
    private static List<String> enrolled(Gatehouse gatehouse) throws IOException {
        List<String> devices = new ArrayList<>();
        for (String line : gatehouse.cli("audit", "export").ok().out().lines().toList()) {
            JsonNode entry = JSON.readTree(line);
            if (entry.path("action").asText().startsWith(ENTRY)) {
                devices.add(entry.path("subject").asText());
            }
        }
        return devices;
    }

    /** The copy of a home whose service is stopped; of each entry that there is, one byte is changed. */
    private void aChangedCopyIsFound(Gatehouse gatehouse, int entries) throws IOException {
        Path copy = temp.resolve("copy");
        Files.createDirectories(copy.resolve("data"));
        Files.createDirectories(copy.resolve("pki"));
        Files.copy(gatehouse.home().resolve("pki/audit.pem"), copy.resolve("pki/audit.pem"));
        Path database = copy.resolve("data/gatehouse.db");
        Files.copy(gatehouse.home().resolve("data/gatehouse.db"), database);
        Gatehouse.command("audit", "verify", "--home", copy.toString()).run().ok();
        byte[] bytes = Files.readAllBytes(database);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int found = 0;
        // Not every place is an entry: SQLite leaves older copies of a row in the free room of its pages.
        for (int at = text.indexOf(ENTRY); at >= 0; at = text.indexOf(ENTRY, at + 1)) {
            byte[] changed = bytes.clone();
            changed[at] ^= 1;
            Files.write(database, changed);
            ProcessRun.Result said = Gatehouse.command("audit", "verify", "--home", copy.toString())
                    .run();
            assertThat(said.exit()).as("byte %d: %s", at, said.both()).isIn(0, 1);
            if (said.exit() == 1) {
                assertThat(said.out()).contains("THE AUDIT IS BROKEN", "was changed");
                found++;
            }
        }
        assertThat(found).isGreaterThanOrEqualTo(entries);
    }

    private ProcessRun.Result restore(Gatehouse gatehouse, String... more) {
        return Gatehouse.command(
                        "restore",
                        "--from",
                        backup.toString(),
                        "--home",
                        gatehouse.home().toString(),
                        "--replace",
                        "--passphrase-file",
                        passphrase.toString())
                .with(more)
                .run();
    }

    private static RunningProcess up(Gatehouse gatehouse) {
        RunningProcess process =
                Gatehouse.command("up", "--home", gatehouse.home().toString()).start();
        process.awaitOutput("Gatehouse is ready", READY);
        return process;
    }

    private static void awaitAdmitted(Gatehouse gatehouse, String id, HeldCertificate certificate) {
        Await.until(id + " is admitted", Duration.ofSeconds(30), () -> {
            try (MqttPeer connected = gatehouse.mqtt(id).with(certificate).connect()) {
                return connected.isOpen();
            }
        });
    }

    private static String word(Gatehouse gatehouse, String id, HeldCertificate certificate) {
        return gatehouse.mqtt(id).with(certificate).refused().word();
    }
}

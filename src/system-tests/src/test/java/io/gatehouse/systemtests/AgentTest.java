package io.gatehouse.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.PemText;
import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.RunningProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The staged device agent with the real service and broker: what it says, how it exits, and what the others see of it. */
@ExtendWith(SharedGatehouse.class)
class AgentTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final String fleet = SharedGatehouse.fresh("agents");
    private final String id = SharedGatehouse.fresh("agent");
    private final String topic = "devices/" + id + "/telemetry/t";

    @TempDir
    Path directory;

    @BeforeEach
    void make_the_fleet(Gatehouse gatehouse) {
        gatehouse.fleet(fleet);
    }

    @Test
    void renews_in_two_phases_and_the_old_certificate_is_over(Gatehouse gatehouse) throws Exception {
        enroll(gatehouse, "--ca", gatehouse.trustFile().toString()).ok();
        HeldCertificate old = identity();
        assertThat(agent("needs-renewal").exit()).isEqualTo(10);
        assertThat(agent("renew").ok().out()).startsWith("not due until");
        assertThat(agent("renew", "--force", "--rekey").ok().out()).startsWith("renewed: ");
        assertThat(identity().sha256()).isNotEqualTo(old.sha256());
        assertThat(gatehouse.mqtt(id).with(old).refused().word()).isEqualTo("superseded");
        agent("publish", topic, "--message", "21.5").ok();
        JsonNode certificates =
                gatehouse.rest().get("/api/v1/devices/" + id).expect(200).json().path("certificates");
        assertThat(certificates.findValuesAsText("state")).containsExactlyInAnyOrder("valid", "superseded");
    }

    @Test
    void says_the_word_of_each_refusal_and_exits_as_promised(Gatehouse gatehouse) {
        enroll(gatehouse, "--ca", gatehouse.trustFile().toString()).ok();
        ProcessRun.Result elsewhere = agent("publish", "devices/other/telemetry/t", "--message", "x");
        assertThat(elsewhere.exit()).isEqualTo(4);
        assertThat(elsewhere.err()).contains("topic-not-allowed");
        ProcessRun.Result everything = agent("subscribe", "#", "--timeout", "PT5S");
        assertThat(everything.exit()).isEqualTo(4);
        assertThat(everything.err()).contains("topic-not-allowed");
        gatehouse.rest().post("/api/v1/devices/" + id + "/suspend", Map.of()).expect(200);
        ProcessRun.Result suspended = agent("publish", topic, "--message", "x");
        assertThat(suspended.exit()).isEqualTo(8);
        assertThat(suspended.err()).contains("suspended");
        assertThat(agent("status").exit()).isEqualTo(8);
        gatehouse.rest().post("/api/v1/devices/" + id + "/resume", Map.of()).expect(200);
        Await.until(
                "it may publish again",
                SOON,
                () -> agent("publish", topic, "--message", "x").exit() == 0);
        assertThat(agent("status", "--json").ok().out()).contains("\"state\" : \"active\"");
    }

    @Test
    void a_revoked_device_comes_back_by_a_new_claim_with_a_new_key(Gatehouse gatehouse) throws Exception {
        enroll(gatehouse, "--ca-fingerprint", "sha256:" + sha256(gatehouse)).ok();
        HeldCertificate lost = identity();
        try (RunningProcess running = Gatehouse.command(words("run", "--once")).start()) {
            running.awaitOutput("connected to mqtts://.* as " + id, SOON);
            gatehouse
                    .rest()
                    .post("/api/v1/devices/" + id + "/revoke", Map.of("reason", "keyCompromise"))
                    .expect(200);
            assertThat(running.awaitExit(SOON)).isEqualTo(5);
            assertThat(running.out()).contains("disconnected: the broker: revoked", "confirmed: the service: revoked");
        }
        assertThat(agent("publish", topic, "--message", "x").exit()).isEqualTo(5);
        enroll(gatehouse, "--ca", gatehouse.trustFile().toString()).ok();
        assertThat(identity().certificate().getPublicKey())
                .isNotEqualTo(lost.certificate().getPublicKey());
        agent("publish", topic, "--message", "back").ok();
    }

    @Test
    void renews_by_itself_while_it_runs(Gatehouse gatehouse) throws Exception {
        gatehouse
                .rest()
                .patch("/api/v1/fleets/" + fleet, Map.of("certificate", Map.of("lifetime", "PT40S")))
                .expect(200);
        enroll(gatehouse, "--ca", gatehouse.trustFile().toString()).ok();
        String first = identity().sha256();
        try (RunningProcess running = Gatehouse.command(words("run")).start()) {
            running.awaitOutput("renewed: certificate valid until[\\s\\S]*connected to", Duration.ofSeconds(90));
            assertThat(identity().sha256()).isNotEqualTo(first);
            running.terminate();
            running.awaitExit(SOON);
        }
    }

    private ProcessRun.Result enroll(Gatehouse gatehouse, String... trust) {
        return Gatehouse.command(words("enroll", "--url", gatehouse.enrollUrl(), "--device", id, "--claim-file", "-"))
                .with(trust)
                .stdin(gatehouse.claim(fleet, id) + "\n")
                .run();
    }

    private ProcessRun.Result agent(String... words) {
        return Gatehouse.command(words(words)).run();
    }

    private String[] words(String... words) {
        return Stream.of(List.of("agent"), List.of(words), List.of("--state", state().toString()))
                .flatMap(List::stream)
                .toArray(String[]::new);
    }

    private Path state() {
        return directory.resolve("state");
    }

    private HeldCertificate identity() throws Exception {
        Path current = state().resolve("current");
        var certificate =
                PemText.readCertificates(current.resolve("device.pem")).get(0);
        String text = Files.readString(current.resolve("device.key")).replaceAll("-----[A-Z ]+-----", "");
        var key = KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(text)));
        return new HeldCertificate(
                new KeyPair(certificate.getPublicKey(), key),
                certificate,
                List.of(
                        certificate,
                        PemText.readCertificates(current.resolve("chain.pem")).get(0)));
    }

    private static String sha256(Gatehouse gatehouse) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256")
                        .digest(gatehouse.trust().get(0).getEncoded()));
    }
}

package io.gatehouse.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.agent.state.Generation;
import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.TestAuthority;
import io.gatehouse.testkit.Tools;
import io.gatehouse.x509.Certificates;
import io.gatehouse.x509.Keys;
import io.gatehouse.x509.Pem;
import io.gatehouse.x509.est.EstCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnrollTest {
    @TempDir
    Path directory;

    private AgentRig rig;

    @BeforeEach
    void begin() throws IOException {
        rig = new AgentRig(directory);
    }

    @AfterEach
    void end() {
        rig.close();
    }

    @Test
    void enrolls_with_a_claim_and_keeps_an_identity_of_its_own() {
        var said = rig.enroll();
        assertThat(said.err()).isEmpty();
        assertThat(said.exit()).isZero();
        assertThat(said.out()).startsWith("enrolled as d-1, certificate valid until ");
        var current = rig.store().current().orElseThrow();
        assertThat(Keys.match(current.key(), current.certificate().getPublicKey()))
                .isTrue();
        assertThat(current.trust()).isEqualTo(rig.service.roots());
        assertThat(current.chain())
                .containsExactly(rig.service.devicesCa.certificate(), rig.service.devicesCa.rootCertificate());
        assertThat(current.window().from()).isAfter(Instant.now().plus(Duration.ofDays(59)));
        assertThat(rig.store().staged()).isEmpty();
    }

    @Test
    void openssl_verifies_the_files_that_it_leaves() {
        Tools.require("openssl");
        rig.enroll();
        var files = rig.state.resolve("current");
        ProcessRun.of(
                        "openssl",
                        "verify",
                        "-x509_strict",
                        "-purpose",
                        "sslclient",
                        "-CAfile",
                        "chain.pem",
                        "device.pem")
                .in(files)
                .run()
                .ok();
        ProcessRun.of("openssl", "pkey", "-in", "device.key", "-noout", "-check")
                .in(files)
                .run()
                .ok();
    }

    @Test
    void its_files_are_for_the_owner_alone() throws IOException {
        rig.enroll();
        try (var all = Files.walk(rig.state)) {
            for (var path : all.filter(p -> !Files.isSymbolicLink(p)).toList()) {
                if (path.getFileName().toString().equals("lock")) {
                    continue;
                }
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                        .as(path.toString())
                        .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
            }
        }
    }

    @Test
    void enrolling_again_changes_nothing_and_succeeds() {
        rig.enroll();
        var before = rig.store().current().orElseThrow().certificate();
        var said = rig.enroll();
        assertThat(said.exit()).isZero();
        assertThat(said.out()).startsWith("already enrolled as d-1");
        assertThat(rig.store().current().orElseThrow().certificate()).isEqualTo(before);
        assertThat(rig.service.count("simpleenroll")).isEqualTo(1);
    }

    @Test
    void enrolls_again_with_a_new_key_when_told_to() {
        rig.enroll();
        var before = rig.store().current().orElseThrow().certificate();
        assertThat(rig.enroll("--again").exit()).isZero();
        var after = rig.store().current().orElseThrow().certificate();
        assertThat(after.getPublicKey()).isNotEqualTo(before.getPublicKey());
    }

    @Test
    void an_identity_that_the_service_calls_revoked_is_replaced_by_a_claim_with_a_new_key() {
        rig.enroll();
        var before = rig.store().current().orElseThrow().certificate();
        rig.service.state = "revoked";
        assertThat(rig.enroll().exit()).isZero();
        assertThat(rig.store().current().orElseThrow().certificate().getPublicKey())
                .isNotEqualTo(before.getPublicKey());
    }

    @Test
    void a_clock_of_1970_is_exit_6() {
        rig.clock.set(Instant.EPOCH);
        assertThat(rig.enroll().exit()).isEqualTo(6);
        assertThat(rig.service.count("simpleenroll")).isZero();
    }

    @Test
    void a_state_belongs_to_one_device_at_one_service() {
        rig.enroll();
        assertThat(rig.enroll("--device", "d-2").err()).contains("this state belongs to d-1");
        assertThat(rig.enroll("--url", "https://localhost:1").err()).contains("this state is enrolled at");
        assertThat(rig.enroll("--url", "https://localhost:1").exit()).isEqualTo(2);
    }

    @Test
    void a_wrong_secret_is_refused_with_its_word_and_the_right_one_then_works_with_the_same_key() throws IOException {
        Files.writeString(rig.claim, "wrong");
        var refused = rig.enroll();
        assertThat(refused.exit()).isEqualTo(4);
        assertThat(refused.err()).contains("wrong-secret");
        var key = rig.store().staged().orElseThrow().key();
        Files.writeString(rig.claim, FakeService.SECRET);
        assertThat(rig.enroll().exit()).isZero();
        assertThat(rig.store().current().orElseThrow().key()).isEqualTo(key);
    }

    @Test
    void an_answer_that_is_lost_is_asked_for_again_with_the_same_request() {
        rig.service.responders.put("simpleenroll", request -> {
            rig.service.enroll(request);
            throw new IOException("the line is cut");
        });
        assertThat(rig.enroll().exit()).isEqualTo(3);
        rig.service.responders.put("simpleenroll", rig.service::enroll);
        assertThat(rig.enroll().exit()).isZero();
        var bodies = rig.service.requests.stream()
                .filter(request -> request.path().endsWith("simpleenroll"))
                .map(request -> new String(request.body(), StandardCharsets.US_ASCII))
                .distinct();
        assertThat(bodies).hasSize(1);
    }

    @Test
    void trusts_by_the_fingerprint_of_the_services_root() {
        var fingerprint = "sha256:" + Certificates.fingerprint(rig.service.servicesCa.rootCertificate());
        var said = rig.agentWith(
                Map.of("GATEHOUSE_AGENT_CA_FINGERPRINT", fingerprint),
                FakeService.SECRET + "\n",
                "enroll",
                "--url",
                rig.service.url(),
                "--device",
                "d-1",
                "--claim-file",
                "-",
                "--state",
                rig.state.toString());
        assertThat(said.err()).isEmpty();
        assertThat(said.exit()).isZero();
        assertThat(rig.store().current().orElseThrow().trust()).isEqualTo(rig.service.roots());
    }

    @Test
    void another_fingerprint_is_refused_before_the_secret_is_sent() {
        for (var certificate : List.of(TestAuthority.root().certificate(), rig.service.servicesCa.certificate())) {
            var fingerprint = Certificates.fingerprint(certificate).hex();
            var said = rig.agentWith(
                    Map.of(),
                    FakeService.SECRET,
                    "enroll",
                    "--url",
                    rig.service.url(),
                    "--device",
                    "d-1",
                    "--claim-file",
                    "-",
                    "--ca-fingerprint",
                    fingerprint,
                    "--state",
                    rig.state.toString());
            assertThat(said.exit()).isEqualTo(4);
        }
        assertThat(rig.service.count("simpleenroll")).isZero();
    }

    @Test
    void the_devices_root_does_not_make_a_service() {
        var fingerprint = Certificates.fingerprint(rig.service.devicesCa.rootCertificate())
                .hex();
        var said = rig.agentWith(
                Map.of(),
                FakeService.SECRET,
                "enroll",
                "--url",
                rig.service.url(),
                "--device",
                "d-1",
                "--claim-file",
                "-",
                "--ca-fingerprint",
                fingerprint,
                "--state",
                rig.state.toString());
        assertThat(said.exit()).isEqualTo(3);
        assertThat(rig.service.count("simpleenroll")).isZero();
    }

    @Test
    void a_broker_that_poses_as_the_service_gets_no_secret() throws IOException {
        try (var impostor = new FakeService("spiffe://gatehouse.internal/broker/b1")) {
            Files.writeString(rig.ca, Pem.write(impostor.roots()));
            var said = rig.enroll("--url", impostor.url());
            assertThat(said.exit()).isEqualTo(3);
            assertThat(said.err()).contains("does not carry the role service/enrollment");
            assertThat(impostor.requests).isEmpty();
        }
    }

    @Test
    void a_service_below_another_root_gets_no_secret() throws IOException {
        Files.writeString(rig.ca, Pem.write(TestAuthority.root("Services root").certificate()));
        assertThat(rig.enroll().exit()).isEqualTo(3);
        assertThat(rig.service.requests).isEmpty();
    }

    @Test
    void a_certificate_that_is_not_ours_is_never_used() {
        var foreign = TestAuthority.root("Devices root").devicesCa();
        refuses("another key", () -> rig.service.profile = order -> order.key(Keys.generateP256()));
        refuses("does not name d-1", () -> rig.service.profile = order -> order.commonName("d-2"));
        refuses(
                "does not name d-1",
                () -> rig.service.profile = order -> order.noNames().uri("spiffe://gatehouse.internal/device/d-2"));
        refuses(
                "does not name d-1",
                () -> rig.service.profile = order -> order.noNames().uri("spiffe://gatehouse.internal/broker/d-1"));
        refuses("not for clients", () -> rig.service.profile = order -> order.serverAuth());
        refuses("not for clients", () -> rig.service.profile = order -> order.authority());
        refuses("not valid now", () -> rig.service.profile = order -> order.expired());
        refuses(
                "not below the devices root",
                () -> answer(request -> {
                    var csr = EstCodec.request(request.body()).orThrow();
                    return foreign.device(
                                    "d-1",
                                    order -> order.key(new KeyPair(csr.key().publicKey(), null)))
                            .certificate();
                }));
        refuses(
                "not below the devices root",
                () -> answer(request -> {
                    var csr = EstCodec.request(request.body()).orThrow();
                    return rig.service
                            .servicesCa
                            .device(
                                    "d-1",
                                    order -> order.key(new KeyPair(csr.key().publicKey(), null)))
                            .certificate();
                }));
    }

    private void refuses(String fault, Runnable fake) {
        rig.service.profile = order -> {};
        fake.run();
        var said = rig.enroll();
        assertThat(said.err()).contains(fault);
        assertThat(said.exit()).isEqualTo(4);
        assertThat(rig.store().current()).isEmpty();
        assertThat(rig.store().staged().map(Generation::hasCertificate)).contains(false);
        rig.store().staged().ifPresent(rig.store()::discard);
    }

    private interface Issuing {
        java.security.cert.X509Certificate issue(FakeService.Request request);
    }

    private void answer(Issuing issuing) {
        rig.service.responders.put(
                "simpleenroll",
                request -> FakeService.ok(EstCodec.encodeOneLine(EstCodec.certsOnly(List.of(issuing.issue(request))))));
    }

    @Test
    void hostile_answers_end_in_an_exit_code_and_nothing_on_disk() {
        var huge = new byte[2 << 20];
        Arrays.fill(huge, (byte) 'A');
        var answers = Map.<String, FakeService.Responder>of(
                "huge body", r -> FakeService.ok(huge),
                "huge length",
                        r -> "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII),
                "negative length",
                        r -> "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                "endless head",
                        r -> ("HTTP/1.1 200 OK\r\nX: " + "y".repeat(40_000)).getBytes(StandardCharsets.US_ASCII),
                "not http", r -> "SSH-2.0-OpenSSH\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                "nothing", r -> new byte[0],
                "cut off", r -> Arrays.copyOf(rig.service.enroll(r), 300),
                "html", r -> FakeService.ok("<html>".getBytes(StandardCharsets.US_ASCII)),
                "empty", r -> FakeService.ok(new byte[0]),
                "bad chunk",
                        r -> "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
        answers.forEach((name, responder) -> {
            rig.service.responders.put("simpleenroll", responder);
            var said = rig.enroll();
            assertThat(said.exit()).as(name).isEqualTo(3);
            assertThat(said.err()).as(name).startsWith("gatehouse-agent: ").doesNotContain("Exception");
        });
        assertThat(rig.store().current()).isEmpty();
    }

    @Test
    void what_waits_and_what_is_refused_have_their_own_exit_codes() {
        exit(8, FakeService.answer(202, Map.of("Retry-After", "60"), new byte[0]));
        exit(8, FakeService.answer(403, Map.of("Gatehouse-Reason", "suspended"), new byte[0]));
        exit(4, FakeService.answer(409, Map.of("Gatehouse-Reason", "key-mismatch"), new byte[0]));
        exit(4, FakeService.answer(401, Map.of(), new byte[0]));
        exit(5, FakeService.answer(403, Map.of("Gatehouse-Reason", "decommissioned"), new byte[0]));
        exit(3, FakeService.answer(503, Map.of("Retry-After", "7"), new byte[0]));
        exit(3, FakeService.answer(429, Map.of("Gatehouse-Reason", "too-many-requests"), new byte[0]));
    }

    private void exit(int code, byte[] answer) {
        rig.service.responders.put("simpleenroll", request -> answer);
        assertThat(rig.enroll().exit()).isEqualTo(code);
    }

    @Test
    void the_secret_is_in_no_file_and_no_message() throws IOException {
        var said = rig.enroll();
        assertThat(said.out() + said.err()).doesNotContain(FakeService.SECRET);
        try (var all = Files.walk(rig.state)) {
            for (var file : all.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).doesNotContain(FakeService.SECRET);
            }
        }
    }

    @Test
    void enrolls_in_a_fleet_under_its_label() {
        rig.enroll("--fleet", "pumps");
        assertThat(rig.service.requests)
                .anySatisfy(request -> assertThat(request.path()).isEqualTo("/.well-known/est/pumps/simpleenroll"));
    }

    @Test
    void a_key_that_others_can_read_is_not_used() throws IOException {
        rig.enroll();
        var key = rig.state.resolve("current").resolve("device.key").toRealPath();
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        var said = rig.verb("publish", "devices/d-1/telemetry/t", "--message", "x");
        assertThat(said.exit()).isEqualTo(7);
        assertThat(said.err()).contains("device.key is open to others");
    }
}

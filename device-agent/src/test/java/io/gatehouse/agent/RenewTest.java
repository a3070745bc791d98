package io.gatehouse.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testkit.Await;
import io.gatehouse.x509.Certificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RenewTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private AgentRig rig;
    private X509Certificate first;

    @BeforeEach
    void begin() throws IOException {
        rig = new AgentRig(directory);
        assertThat(rig.enroll().exit()).isZero();
        first = current();
    }

    @AfterEach
    void end() {
        rig.close();
    }

    @Test
    void is_not_due_before_its_window() {
        assertThat(rig.verb("needs-renewal").exit()).isEqualTo(10);
        var said = rig.verb("renew");
        assertThat(said.exit()).isZero();
        assertThat(said.out()).startsWith("not due until ");
        assertThat(rig.service.count("simplereenroll")).isZero();
    }

    @Test
    void is_due_within_its_window() {
        rig.clock.advance(Duration.ofDays(61));
        assertThat(rig.verb("needs-renewal").exit()).isZero();
    }

    @Test
    void uses_the_new_certificate_after_broker_and_service_have_seen_it() {
        var said = rig.verb("renew", "--force");
        assertThat(said.err()).isEmpty();
        assertThat(said.exit()).isZero();
        assertThat(current()).isNotEqualTo(first);
        assertThat(current().getPublicKey()).isEqualTo(first.getPublicKey());
        assertThat(rig.broker.lastClient()).isEqualTo(fingerprint());
        assertThat(rig.service.proven()).contains(fingerprint());
        assertThat(rig.state.resolve("generations")).isDirectoryNotContaining(path -> path.endsWith("1"));
    }

    @Test
    void makes_a_new_key_when_told_to() {
        assertThat(rig.verb("renew", "--force", "--rekey").exit()).isZero();
        assertThat(current().getPublicKey()).isNotEqualTo(first.getPublicKey());
    }

    @Test
    void keeps_the_old_certificate_while_the_broker_refuses_the_new_one_and_goes_on_with_the_same() {
        rig.broker.connack = new FakeBroker.Say(0x87, "revoked");
        assertThat(rig.verb("renew", "--force").exit()).isEqualTo(4);
        assertThat(current()).isEqualTo(first);
        var staged = rig.store().staged().orElseThrow().certificate();
        rig.broker.connack = FakeBroker.Say.WELCOME;
        assertThat(rig.verb("renew").exit()).isZero();
        assertThat(current()).isEqualTo(staged);
        assertThat(rig.service.count("simplereenroll")).isEqualTo(1);
    }

    @Test
    void keeps_the_old_certificate_while_the_service_has_not_seen_the_new_one() {
        rig.service.responders.put("device", request -> {
            throw new IOException("away");
        });
        var said = rig.verb("renew", "--force", "--broker", rig.broker.address());
        assertThat(said.exit()).isEqualTo(3);
        assertThat(current()).isEqualTo(first);
    }

    @Test
    void gives_up_a_successor_that_the_service_calls_lost() {
        rig.broker.connack = new FakeBroker.Say(0x87, "superseded");
        rig.service.reason = Optional.of("superseded");
        var said = rig.verb("renew", "--force");
        assertThat(said.exit()).isEqualTo(3);
        assertThat(rig.store().staged()).isEmpty();
        assertThat(current()).isEqualTo(first);
    }

    @Test
    void a_device_that_is_revoked_does_not_renew() {
        rig.service.responders.put(
                "simplereenroll",
                request -> FakeService.answer(403, Map.of("Gatehouse-Reason", "revoked"), new byte[0]));
        var said = rig.verb("renew", "--force");
        assertThat(said.exit()).isEqualTo(5);
        assertThat(current()).isEqualTo(first);
    }

    @Test
    void a_successor_for_another_key_or_device_is_not_used() {
        rig.service.profile = order -> order.commonName("d-2");
        assertThat(rig.verb("renew", "--force").exit()).isEqualTo(4);
        assertThat(current()).isEqualTo(first);
    }

    @Test
    void run_renews_in_its_window_and_goes_on_with_the_new_certificate() {
        var running = CompletableFuture.supplyAsync(() -> rig.verb("run"));
        Await.until("connected", SOON, () -> rig.broker.connections() == 1);
        rig.clock.advance(Duration.ofDays(71));
        // the fake's certificates are of now: the new one must be valid at the device's time
        Await.until(
                "renewed and connected",
                SOON,
                () -> !current().equals(first)
                        && rig.broker.connections() == 1
                        && rig.broker.lastClient().equals(fingerprint()));
        rig.service.state = "decommissioned";
        rig.broker.disconnectAll(new FakeBroker.Say(0x98, "decommissioned"));
        assertThat(running).succeedsWithin(SOON).satisfies(said -> {
            assertThat(said.exit()).isEqualTo(5);
            assertThat(said.out()).contains("renewed: certificate valid until");
        });
    }

    @Test
    void a_connected_agent_hears_in_time_that_it_is_to_renew_earlier() {
        var running = CompletableFuture.supplyAsync(() -> rig.agentWith(
                Map.of("GATEHOUSE_AGENT_ASK_EVERY", "PT10M"), "", "run", "--state", rig.state.toString()));
        Await.until("connected", SOON, () -> rig.broker.connections() == 1);
        int asked = rig.service.count("device");
        rig.service.renewFrom = Optional.of(rig.clock.instant());
        rig.clock.advance(Duration.ofMinutes(4));
        assertThat(rig.service.count("device")).as("not yet").isEqualTo(asked);
        rig.clock.advance(Duration.ofMinutes(6));
        Await.until("renewed", SOON, () -> !current().equals(first));
        end(running);
    }

    @Test
    void a_reinstated_device_enrolls_again_by_itself() {
        rig.service.state = "reinstated";
        rig.service.reason = Optional.of("revoked");
        rig.service.renewFrom = Optional.of(rig.clock.instant());
        var running = CompletableFuture.supplyAsync(() -> rig.verb("run"));
        Await.until("asked for another", SOON, () -> rig.service.count("simplereenroll") > 0);
        rig.service.state = "active";
        rig.service.reason = Optional.empty();
        rig.service.renewFrom = Optional.empty();
        Await.until("enrolled again", SOON, () -> !current().equals(first));
        end(running);
    }

    private void end(CompletableFuture<AgentRig.Said> running) {
        rig.service.state = "decommissioned";
        Await.until("ended", SOON, () -> {
            rig.broker.disconnectAll(new FakeBroker.Say(0x98, "decommissioned"));
            return running.isDone();
        });
    }

    @Test
    void status_tells_the_device_its_certificate_and_its_standing() {
        var said = rig.verb("status", "--json");
        assertThat(said.exit()).isZero();
        assertThat(said.out())
                .contains("\"device\" : \"d-1\"", "\"sha256\" : \"" + fingerprint() + "\"", "\"state\" : \"active\"")
                .contains("\"serviceReachable\" : true", "\"renewalBegun\" : false", rig.broker.address());
        rig.service.state = "suspended";
        assertThat(rig.verb("status").exit()).isEqualTo(8);
        rig.service.close();
        assertThat(rig.verb("status", "--json").out()).contains("\"serviceReachable\" : false");
    }

    @Test
    void a_damaged_state_is_exit_7_and_says_which_file() throws IOException {
        var pem = rig.state.resolve("current").toRealPath().resolve("device.pem");
        Files.writeString(pem, "garbage");
        var said = rig.verb("status");
        assertThat(said.exit()).isEqualTo(7);
        assertThat(said.err()).contains("device.pem is damaged");
    }

    private X509Certificate current() {
        return rig.store().current().orElseThrow().certificate();
    }

    private String fingerprint() {
        return Certificates.fingerprint(current()).hex();
    }
}

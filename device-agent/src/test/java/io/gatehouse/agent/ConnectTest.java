package io.gatehouse.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String TOPIC = "devices/d-1/telemetry/t";

    @TempDir
    Path directory;

    private AgentRig rig;

    @BeforeEach
    void begin() throws IOException {
        rig = new AgentRig(directory);
        assertThat(rig.enroll().exit()).isZero();
    }

    @AfterEach
    void end() {
        rig.close();
    }

    @Test
    void publishes_with_its_certificate_under_its_own_id() {
        var said = rig.verb("publish", TOPIC, "--message", "21.5");
        assertThat(said.err()).isEmpty();
        assertThat(said.exit()).isZero();
        assertThat(rig.broker.published).containsExactly(TOPIC + " 21.5");
        assertThat(rig.broker.clientIds).containsExactly("d-1");
        assertThat(rig.broker.clients)
                .containsExactly(rig.store().current().orElseThrow().certificate());
    }

    @Test
    void a_broker_that_hears_of_the_certificate_a_moment_later_is_asked_again() {
        rig.broker.tooEarly.set(2);
        assertThat(rig.verb("publish", TOPIC, "--message", "1").exit()).isZero();
        assertThat(rig.broker.clientIds).hasSize(3);
    }

    @Test
    void publishes_a_file_and_standard_input() throws IOException {
        var file = Files.writeString(directory.resolve("m"), "from a file");
        assertThat(rig.verb("publish", TOPIC, "--file", file.toString(), "--qos", "0")
                        .exit())
                .isZero();
        assertThat(rig.agentWith(Map.of(), "from a pipe", "publish", TOPIC, "--state", rig.state.toString())
                        .exit())
                .isZero();
        Await.until("both messages", SOON, () -> rig.broker.published.size() == 2);
        assertThat(rig.broker.published).containsExactly(TOPIC + " from a file", TOPIC + " from a pipe");
    }

    @Test
    void a_refused_publish_prints_the_word_and_exits_4() {
        rig.broker.puback = new FakeBroker.Say(0x87, "topic-not-allowed");
        var said = rig.verb("publish", "elsewhere", "--message", "x");
        assertThat(said.exit()).isEqualTo(4);
        assertThat(said.err()).contains("topic-not-allowed");
    }

    @Test
    void a_refusal_without_a_word_still_says_its_code() {
        rig.broker.puback = new FakeBroker.Say(0x97, "");
        var said = rig.verb("publish", TOPIC, "--message", "x");
        assertThat(said.exit()).isEqualTo(3);
        assertThat(said.err()).contains("0x97");
    }

    @Test
    void a_disconnect_after_a_publish_without_acknowledgement_is_heard() {
        rig.broker.afterPublish = new FakeBroker.Say(0x87, "topic-not-allowed");
        var said = rig.verb("publish", "elsewhere", "--message", "x", "--qos", "0");
        assertThat(said.exit()).isEqualTo(4);
        assertThat(said.err()).contains("topic-not-allowed");
    }

    @ParameterizedTest
    @CsvSource({
        "revoked, active, , 4", // the broker alone cannot end a device
        "revoked, revoked, revoked, 5",
        "decommissioned, decommissioned, , 5",
        "suspended, suspended, , 8",
        "held, suspended, , 8",
        "client-id-mismatch, active, , 4",
        "unknown-certificate, active, , 4",
        "not-synchronised, active, , 3",
        "stale, active, , 3",
        "session-limit, active, , 4"
    })
    void a_refusal_at_connect_ends_with_what_the_service_confirms(String word, String state, String reason, int exit) {
        rig.broker.connack = new FakeBroker.Say(0x87, word);
        var said = rig.agent("run", "--once", "--state", rig.state.toString(), "--broker", rig.broker.address());
        assertThat(said.out()).contains(word.equals("held") ? "" : word);
        rig.service.state = state;
        rig.service.reason = Optional.ofNullable(reason);
        var verb = rig.verb("publish", TOPIC, "--message", "x", "--broker", rig.broker.address());
        assertThat(verb.exit()).isEqualTo(exit);
    }

    @Test
    void run_once_ends_with_5_when_the_service_confirms_the_revocation() throws Exception {
        var running = run("--once");
        Await.until("connected", SOON, () -> rig.broker.connections() == 1);
        rig.service.state = "revoked";
        rig.broker.disconnectAll(new FakeBroker.Say(0x98, "revoked"));
        var said = running.get(30, TimeUnit.SECONDS);
        assertThat(said.exit()).isEqualTo(5);
        assertThat(said.out())
                .contains(
                        "connected to " + rig.broker.address() + " as d-1",
                        "disconnected: the broker: revoked",
                        "confirmed: the service: revoked");
    }

    @Test
    void run_once_ends_with_4_when_only_the_broker_says_revoked() throws Exception {
        var running = run("--once");
        Await.until("connected", SOON, () -> rig.broker.connections() == 1);
        rig.broker.disconnectAll(new FakeBroker.Say(0x98, "revoked"));
        assertThat(running.get(30, TimeUnit.SECONDS).exit()).isEqualTo(4);
    }

    @Test
    void a_disconnect_right_behind_the_welcome_is_heard_at_once() {
        rig.broker.afterConnack = new FakeBroker.Say(0x98, "kicked");
        var running = run("--once");
        assertThat(running).succeedsWithin(Duration.ofSeconds(15)).satisfies(said -> {
            assertThat(said.exit()).isEqualTo(3);
            assertThat(said.out()).contains("kicked");
        });
    }

    @Test
    void run_once_ends_with_3_when_the_broker_goes() throws Exception {
        var running = run("--once");
        Await.until("connected", SOON, () -> rig.broker.connections() == 1);
        rig.broker.disconnectAll(new FakeBroker.Say(0x8b, ""));
        assertThat(running.get(30, TimeUnit.SECONDS).exit()).isEqualTo(3);
    }

    @Test
    void run_comes_back_after_a_disconnect() {
        var running = run();
        Await.until("connected", SOON, () -> rig.broker.connections() == 1);
        rig.broker.disconnectAll(new FakeBroker.Say(0x8b, ""));
        Await.until("connected again", SOON, () -> rig.broker.clientIds.size() == 2 && rig.broker.connections() == 1);
        rig.service.state = "decommissioned";
        rig.broker.disconnectAll(new FakeBroker.Say(0x98, "decommissioned"));
        assertThat(running).succeedsWithin(SOON).extracting(AgentRig.Said::exit).isEqualTo(5);
    }

    @Test
    void a_broker_that_is_not_ours_gets_no_connection() throws IOException {
        try (var foreign = new FakeBroker(TestAuthority.root().servicesCa());
                var service = new FakeBroker(rig.service.servicesCa, "spiffe://gatehouse.internal/service/enrollment");
                var other = new FakeBroker(rig.service.servicesCa, "spiffe://other.internal/broker/b1")) {
            for (var broker : new FakeBroker[] {foreign, service, other}) {
                var said = rig.verb("publish", TOPIC, "--message", "x", "--broker", broker.address());
                assertThat(said.exit()).isEqualTo(3);
                assertThat(broker.clientIds).isEmpty();
            }
        }
    }

    @Test
    void a_broker_that_we_know_is_used_when_the_service_is_away() {
        rig.service.close();
        var said = rig.verb("publish", TOPIC, "--message", "x", "--broker", rig.broker.address());
        assertThat(said.exit()).isZero();
        assertThat(rig.verb("publish", TOPIC, "--message", "x").exit()).isEqualTo(3);
    }

    @Test
    void the_broker_that_the_service_named_last_is_used_when_the_service_is_away() {
        assertThat(rig.verb("publish", TOPIC, "--message", "1").exit()).isZero();
        rig.service.close();
        assertThat(rig.verb("publish", TOPIC, "--message", "2").exit()).isZero();
        assertThat(rig.broker.published).hasSize(2);
    }

    @Test
    void a_broker_that_has_moved_is_found_through_the_service() {
        assertThat(rig.verb("publish", TOPIC, "--message", "1").exit()).isZero();
        rig.broker.close();
        try (var moved = new FakeBroker(rig.service.servicesCa)) {
            rig.service.broker = moved.address();
            assertThat(rig.verb("publish", TOPIC, "--message", "2").exit()).isZero();
            assertThat(moved.published).hasSize(1);
        }
    }

    @Test
    void a_refusal_by_tls_which_has_no_word_is_confirmed_by_the_service() {
        assertThat(rig.verb("publish", TOPIC, "--message", "1").exit()).isZero();
        rig.broker.takesClients = false;
        assertThat(rig.verb("publish", TOPIC, "--message", "2").exit()).isEqualTo(3);
        rig.service.reason = Optional.of("expired");
        var said = rig.verb("publish", TOPIC, "--message", "3");
        assertThat(said.exit()).as(said.err()).isEqualTo(4);
        assertThat(said.err()).contains("the service: expired");
    }

    @Test
    void subscribes_and_prints_messages_as_lines() throws Exception {
        var running =
                CompletableFuture.supplyAsync(() -> rig.verb("subscribe", "devices/d-1/commands/#", "--count", "2"));
        Await.until("connected", SOON, () -> rig.broker.connections() == 1);
        while (!running.isDone()) {
            rig.broker.deliver("devices/d-1/commands/a", "on\u001b[31m\n");
            Await.until("delivered", SOON, () -> true);
        }
        var said = running.get();
        assertThat(said.exit()).isZero();
        assertThat(said.out().lines()).hasSize(2).allMatch(line -> line.equals("devices/d-1/commands/a on [31m "));
    }

    @Test
    void a_refused_subscription_prints_the_word() {
        rig.broker.suback = new FakeBroker.Say(0x87, "topic-not-allowed");
        var said = rig.verb("subscribe", "#", "--timeout", "PT20S");
        assertThat(said.exit()).isEqualTo(4);
        assertThat(said.err()).contains("topic-not-allowed");
    }

    @Test
    void waiting_for_messages_that_do_not_come_is_exit_3() {
        assertThat(rig.verb("subscribe", "a", "--count", "1", "--timeout", "PT0.3S")
                        .exit())
                .isEqualTo(3);
        assertThat(rig.verb("subscribe", "a", "--timeout", "PT0.3S").exit()).isZero();
    }

    private CompletableFuture<AgentRig.Said> run(String... more) {
        return CompletableFuture.supplyAsync(() -> rig.verb("run", more));
    }
}

package io.gatehouse.broker.enforce;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.broker.fakes.Scene;
import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.identity.policy.Policy;
import io.gatehouse.identity.policy.Rule;
import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.TestAuthority;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PendingWillsTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    /** Longer than the broker is given to note a will. */
    private static final long LATER_MILLIS = 200;

    private static void suspend(Scene scene) {
        scene.enforcer.onChange(scene.filled.change(Scene.device(DeviceState.SUSPENDED, 0)));
    }

    /** Its connection is gone, its session is kept. */
    private static void leaves(Scene scene, String clientId) {
        scene.sessions.all().stream()
                .filter(session -> session.clientId().equals(clientId))
                .toList()
                .forEach(scene.sessions::remove);
    }

    private static void awaitNoWill(Scene scene) {
        Await.until(
                "no will is left",
                SOON,
                () -> scene.control.wills.isEmpty() && scene.control.willsOnTheirWay.isEmpty());
    }

    @Test
    void drops_the_will_of_a_suspended_device_that_is_away_and_nobody_elses() {
        try (var scene = new Scene().open()) {
            scene.live("d-1");
            leaves(scene, "d-1");
            scene.control.wills.addAll(Set.of("d-1", "d-2"));
            scene.enforcer.onChange(scene.filled.change(Scene.device(0)));
            assertThat(scene.control.log).isEmpty();
            suspend(scene);
            assertThat(scene.control.log).isNotEmpty().containsOnly("disconnect d-1 suspended");
            assertThat(scene.control.wills).containsExactly("d-2");
            assertThat(scene.control.sessions).containsExactly("d-1");
        }
    }

    /** A client with a will that goes away, whose will waits. */
    private static void leavesAWill(Scene scene, String topic) {
        var client = scene.client("d-1").leaving(topic);
        scene.connect(client);
        scene.control.sessions.add("d-1");
        scene.registration.initialize(client.registration(), client.context());
        leaves(scene, "d-1");
        scene.control.wills.add("d-1");
    }

    @Test
    void drops_a_will_that_the_policy_no_longer_allows_and_no_other() {
        try (var scene = new Scene().open()) {
            leavesAWill(scene, "d/d-1/will");
            scene.enforcer.onChange(
                    scene.filled.change(Scene.fleet(Policy.of(Rule.publishing("d/${device}/will", "more")), 1)));
            assertThat(scene.control.wills).containsExactly("d-1");
            scene.enforcer.onChange(scene.filled.change(Scene.fleet(Policy.of(Rule.publishing("more")), 1)));
            awaitNoWill(scene);
            assertThat(scene.control.sessions).containsExactly("d-1");
        }
    }

    @Test
    void drops_the_will_that_was_left_with_a_certificate_that_is_revoked_by_itself() {
        try (var scene = new Scene().open()) {
            leavesAWill(scene, "d/d-1/will");
            var renewed = TestAuthority.root().devicesCa().device("d-1");
            scene.enforcer.onChange(scene.filled.change(Scene.certificate(renewed, CertificateState.VALID)));
            scene.enforcer.onChange(scene.filled.change(Scene.certificate(renewed, CertificateState.REVOKED)));
            assertThat(scene.control.wills).containsExactly("d-1");
            scene.enforcer.onChange(scene.filled.change(scene.certificate(CertificateState.REVOKED)));
            awaitNoWill(scene);
        }
    }

    @Test
    void drops_a_will_that_nobody_knows_when_a_change_could_forbid_it() {
        try (var scene = new Scene().open()) {
            scene.control.sessions.add("d-1");
            scene.clients.add(DeviceId.of("d-1"), "d-1");
            scene.control.wills.add("d-1");
            scene.enforcer.onChange(scene.filled.replace(
                    Scene.fleet(Scene.POLICY, 1), Scene.device(0), scene.certificate(CertificateState.VALID)));
            // That was what was known at the start.
            assertThat(scene.control.wills).containsExactly("d-1");
            scene.enforcer.onChange(scene.filled.change(Scene.fleet(Scene.POLICY, 2)));
            awaitNoWill(scene);
        }
    }

    @Test
    void ends_a_live_session_whose_will_the_policy_no_longer_allows() {
        try (var scene = new Scene().open()) {
            var client = scene.client("d-1").leaving("d/d-1/will");
            scene.connect(client);
            scene.registration.initialize(client.registration(), client.context());
            scene.enforcer.onChange(
                    scene.filled.change(Scene.fleet(Policy.of(Rule.publishing("d/${device}/will", "more")), 1)));
            assertThat(scene.control.log).isEmpty();
            scene.enforcer.onChange(scene.filled.change(Scene.fleet(Policy.of(Rule.publishing("more")), 1)));
            assertThat(scene.control.log).containsOnly("disconnect d-1 topic-not-allowed");
        }
    }

    @Test
    void refuses_a_will_that_the_policy_forbids_while_the_client_registers() {
        try (var scene = new Scene().open()) {
            var client = scene.client("d-1").leaving("d/d-1/will");
            scene.connect(client);
            scene.filled.change(Scene.fleet(Policy.of(Rule.publishing("more")), 1));
            scene.registration.initialize(client.registration(), client.context());
            assertThat(scene.control.log).containsExactly("disconnect d-1 topic-not-allowed");
            assertThat(client.permissions.publishable()).isEmpty();
        }
    }

    @Test
    void drops_it_also_while_another_client_of_the_device_is_being_closed() {
        try (var scene = new Scene().open()) {
            scene.enforcer.onChange(scene.filled.change(Scene.fleet(Scene.POLICY, 2)));
            scene.live("d-1");
            scene.live("d-1:b");
            leaves(scene, "d-1:b");
            scene.control.wills.add("d-1:b");
            scene.control.holdSockets = true;
            suspend(scene);
            assertThat(scene.control.log).contains("disconnect d-1 suspended", "disconnect d-1:b suspended");
            assertThat(scene.control.wills).isEmpty();
        }
    }

    @Test
    void drops_a_will_that_the_broker_notes_a_moment_later() {
        try (var scene = new Scene().open()) {
            scene.live("d-1");
            leaves(scene, "d-1");
            scene.control.willsOnTheirWay.add("d-1");
            suspend(scene);
            awaitNoWill(scene);
            assertThat(scene.control.sessions).containsExactly("d-1");
        }
    }

    @Test
    void drops_the_will_of_a_connection_that_broke_before_anybody_noted_it() throws Exception {
        try (var scene = new Scene().open()) {
            scene.live("d-1");
            scene.control.connected.add("d-1");
            scene.control.willsOnTheirWay.add("d-1");
            suspend(scene);
            var looked = new CountDownLatch(1);
            scene.later.after(LATER_MILLIS, looked::countDown);
            assertThat(looked.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(scene.control.log).containsExactly("disconnect d-1 suspended");
            scene.control.connected.remove("d-1");
            awaitNoWill(scene);
        }
    }

    @Test
    void a_device_that_is_let_in_again_at_once_keeps_its_new_connection() throws Exception {
        try (var scene = new Scene().open()) {
            scene.live("d-1");
            leaves(scene, "d-1");
            var hold = new CountDownLatch(1);
            scene.later.now(() -> await(hold));
            suspend(scene);
            scene.enforcer.onChange(scene.filled.change(Scene.device(0)));
            var over = new CountDownLatch(1);
            scene.later.now(() -> scene.later.after(LATER_MILLIS, over::countDown));
            hold.countDown();
            assertThat(over.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(scene.control.log).containsExactly("disconnect d-1 suspended");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.gatehouse.broker.enforce;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.broker.control.BrokerControl.Subscription;
import io.gatehouse.broker.fakes.FakeClient;
import io.gatehouse.broker.fakes.Scene;
import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.identity.policy.Policy;
import io.gatehouse.identity.policy.Rule;
import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.TestAuthority;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EnforcerTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @Test
    void acknowledges_a_revocation_when_the_socket_is_closed_and_not_before() {
        try (var scene = new Scene().open()) {
            var client = scene.live("d-1");
            scene.control.holdSockets = true;
            scene.enforcer.onChange(scene.filled.change(Scene.device(1), scene.certificate(CertificateState.REVOKED)));
            assertThat(scene.control.log).contains("disconnect d-1 revoked");
            assertThat(client.permissions.publishable()).isEmpty();
            assertThat(scene.evidence).noneMatch(line -> line.startsWith("enforced"));
            scene.control.holdSockets = false;
            scene.control.held.forEach(socket -> socket.complete(true));
            assertThat(scene.evidence).contains("enforced 2 1");
            Await.until("purged", SOON, () -> scene.evidence.contains("purged d-1 2"));
            assertThat(scene.control.sessions).isEmpty();
        }
    }

    @Test
    void ends_the_session_that_is_kicked_and_no_other_and_keeps_what_is_stored() {
        try (var scene = new Scene().open()) {
            scene.enforcer.onChange(scene.filled.change(Scene.fleet(Scene.POLICY, 2)));
            scene.live("d-1");
            scene.live("d-1:b");
            String id = scene.sessions.all().stream()
                    .filter(session -> session.clientId().equals("d-1:b"))
                    .findFirst()
                    .orElseThrow()
                    .id();
            scene.enforcer.onChange(scene.filled.kick(id, "of another broker"));
            assertThat(scene.control.log).containsExactly("disconnect d-1:b kicked");
            assertThat(scene.evidence).contains("enforced 3 1");
            assertThat(scene.control.sessions).contains("d-1:b");
        }
    }

    @Test
    void acknowledges_a_change_that_touches_nobody_at_once() {
        try (var scene = new Scene().open()) {
            scene.live("d-1");
            scene.enforcer.onChange(scene.filled.change());
            assertThat(scene.evidence).contains("enforced 2 0");
            assertThat(scene.control.log).isEmpty();
        }
    }

    @Test
    void leaves_the_connection_alone_that_has_taken_over_with_another_certificate() {
        try (var scene = new Scene().open()) {
            scene.live("d-1");
            var renewed = TestAuthority.root().devicesCa().device("d-1");
            scene.enforcer.onChange(scene.filled.change(Scene.certificate(renewed, CertificateState.VALID)));
            var successor = new FakeClient("d-1", renewed.certificate());
            scene.connect(successor);
            scene.registration.initialize(successor.registration(), successor.context());
            // HiveMQ has not told yet that the first one has gone.
            scene.enforcer.onChange(scene.filled.change(scene.certificate(CertificateState.REVOKED)));
            assertThat(scene.control.log).isEmpty();
            assertThat(successor.permissions.publishable()).containsExactly("d/d-1/#");
        }
    }

    @Test
    void keeps_the_session_of_a_suspended_device() {
        try (var scene = new Scene().open()) {
            scene.live("d-1");
            scene.enforcer.onChange(scene.filled.change(
                    Scene.device(DeviceState.SUSPENDED, 0), scene.certificate(CertificateState.HELD)));
            assertThat(scene.control.log).isNotEmpty().containsOnly("disconnect d-1 suspended");
            assertThat(scene.control.sessions).containsExactly("d-1");
        }
    }

    @Test
    void ends_a_superseded_session_of_a_device_that_is_revoked_as_a_whole() {
        try (var scene = new Scene().open()) {
            scene.live("d-1");
            scene.enforcer.onChange(scene.filled.change(scene.certificate(CertificateState.SUPERSEDED)));
            assertThat(scene.control.log).isEmpty();
            var renewed = TestAuthority.root().devicesCa().device("d-1");
            scene.enforcer.onChange(
                    scene.filled.change(Scene.device(1), Scene.certificate(renewed, CertificateState.REVOKED)));
            assertThat(scene.control.log).contains("disconnect d-1 revoked");
        }
    }

    @Test
    void purges_what_a_snapshot_says_was_revoked_and_enrolled_anew_meanwhile() {
        try (var scene = new Scene().open()) {
            scene.control.sessions.add("d-1");
            var successor = TestAuthority.root().devicesCa().device("d-1");
            scene.enforcer.onChange(scene.filled.replace(
                    Scene.fleet(Scene.POLICY, 1),
                    Scene.device(1),
                    Scene.certificate(successor, CertificateState.VALID)));
            Await.until("purged", SOON, () -> scene.evidence.contains("purged d-1 2"));
            assertThat(scene.control.log).contains("purge d-1");
            Await.until("open again", SOON, () -> !scene.purger.purging(DeviceId.of("d-1")));
        }
    }

    @Test
    void narrows_the_rights_of_a_live_session() {
        try (var scene = new Scene().open()) {
            var client = scene.live("d-1");
            scene.control.subscriptions.put("d-1", Set.of(new Subscription("c/d-1/x", 1)));
            scene.enforcer.onChange(scene.filled.change(Scene.fleet(Policy.of(Rule.publishing("only")), 1)));
            assertThat(client.permissions.publishable()).containsExactly("only");
            assertThat(client.interceptors).hasSize(1);
            assertThat(scene.control.log).containsExactly("unsubscribe d-1 [c/d-1/x]");
            // A subscription that was allowed just before is stored only now.
            client.subacks.get(0).onOutboundSuback(null, null);
            assertThat(scene.control.log).containsExactly("unsubscribe d-1 [c/d-1/x]", "unsubscribe d-1 [c/d-1/x]");
        }
    }

    @Test
    void ends_a_session_whose_subscriptions_cannot_be_narrowed() {
        try (var scene = new Scene().open()) {
            scene.live("d-1");
            scene.control.fails = true;
            scene.enforcer.onChange(scene.filled.change(Scene.fleet(Policy.NONE, 1)));
            assertThat(scene.control.log).containsExactly("disconnect d-1 internal-error");
        }
    }

    @Test
    void ends_a_second_session_when_the_fleet_allows_only_one_any_more() {
        try (var scene = new Scene().open()) {
            scene.enforcer.onChange(scene.filled.change(Scene.fleet(Scene.POLICY, 2)));
            scene.live("d-1");
            scene.live("d-1:b");
            scene.enforcer.onChange(scene.filled.change(Scene.fleet(Scene.POLICY, 1)));
            assertThat(scene.control.log).contains("disconnect d-1:b session-limit");
            Await.until("thrown away", SOON, () -> scene.control.sessions.equals(Set.of("d-1")));
        }
    }

    @Test
    void a_lowered_limit_leaves_those_who_are_in_the_longest_and_nobody_else() {
        try (var scene = new Scene().open()) {
            scene.enforcer.onChange(scene.filled.change(Scene.fleet(Scene.POLICY, 5)));
            scene.stored("d-1");
            for (String id : List.of("d-1:e", "d-1:d", "d-1:c", "d-1:b")) {
                scene.live(id);
            }
            scene.enforcer.onChange(scene.filled.change(Scene.fleet(Scene.POLICY, 2)));
            assertThat(scene.control.log).contains("disconnect d-1:c session-limit", "disconnect d-1:b session-limit");
            Await.until("thrown away", SOON, () -> scene.control.sessions.equals(Set.of("d-1:e", "d-1:d")));
            Await.until("forgotten", SOON, () -> scene.clients.count(DeviceId.of("d-1")) == 2);
            assertThat(scene.awaitConnect(scene.client("d-1:b"))).isEqualTo("QUOTA_EXCEEDED session-limit");
            assertThat(scene.connect(scene.client("d-1:e"))).isEqualTo("success");
        }
    }

    @Test
    void takes_from_clients_that_are_away_what_they_may_not_subscribe_to_any_more() {
        try (var scene = new Scene().open()) {
            scene.stored("d-1");
            scene.control.subscriptions.put(
                    "d-1", Set.of(new Subscription("c/d-1/x", 1), new Subscription("$share/g/c/d-1/y", 1)));
            scene.enforcer.onChange(scene.filled.change(Scene.fleet(Policy.of(Rule.subscribing("c/${device}/x")), 1)));
            Await.until("narrowed", SOON, () -> scene.control.log.contains("unsubscribe d-1 [$share/g/c/d-1/y]"));
        }
    }
}

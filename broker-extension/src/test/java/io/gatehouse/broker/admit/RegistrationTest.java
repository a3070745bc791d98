package io.gatehouse.broker.admit;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.broker.control.BrokerControl.Subscription;
import io.gatehouse.broker.fakes.Scene;
import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.policy.Policy;
import io.gatehouse.identity.policy.Rule;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RegistrationTest {
    @Test
    void refuses_a_certificate_revoked_during_connect() {
        try (var scene = new Scene().open()) {
            var client = scene.client("d-1");
            assertThat(scene.connect(client)).isEqualTo("success");
            scene.filled.change(scene.certificate(CertificateState.REVOKED));
            scene.registration.initialize(client.registration(), client.context());
            assertThat(scene.control.log).containsExactly("disconnect d-1 revoked");
            // Before that the permissions, by which HiveMQ then refuses the will.
            assertThat(client.permissions.publishable()).isEmpty();
            assertThat(scene.sessions.size()).isZero();
            assertThat(scene.evidence).containsExactly("refused d-1 revoked");
        }
    }

    @Test
    void does_not_give_back_the_rights_that_a_change_narrows_while_it_registers() {
        try (var scene = new Scene().open()) {
            var client = scene.client("d-1");
            scene.connect(client);
            client.permissions.meanwhile = scene.elsewhere(() ->
                    scene.enforcer.onChange(scene.filled.change(Scene.fleet(Policy.of(Rule.publishing("only")), 1))));
            scene.registration.initialize(client.registration(), client.context());
            scene.awaitElsewhere();
            assertThat(client.permissions.publishable()).containsExactly("only");
            var session = scene.sessions.all().iterator().next();
            assertThat(session.grant().mayPublish("d/d-1/x", 0, false)).isFalse();
        }
    }

    @Test
    void does_not_give_back_the_right_to_a_will_that_a_revocation_takes_while_it_registers() {
        try (var scene = new Scene().open()) {
            var client = scene.client("d-1");
            scene.connect(client);
            client.permissions.meanwhile = scene.elsewhere(
                    () -> scene.enforcer.onChange(scene.filled.change(scene.certificate(CertificateState.REVOKED))));
            scene.registration.initialize(client.registration(), client.context());
            scene.awaitElsewhere();
            assertThat(client.permissions.publishable()).isEmpty();
            assertThat(scene.control.log).contains("disconnect d-1 revoked");
        }
    }

    @Test
    void disconnects_a_client_that_our_authenticator_did_not_admit() {
        try (var scene = new Scene().open()) {
            var client = scene.client("d-1");
            scene.registration.initialize(client.registration(), client.context());
            assertThat(scene.control.log).containsExactly("disconnect d-1 not-authenticated");
            assertThat(client.permissions.publishable()).isEmpty();
        }
    }

    @Test
    void does_not_believe_a_mark_of_another_start_of_the_broker() {
        try (var before = new Scene().open();
                var scene = new Scene().open()) {
            var client = before.client("d-1");
            assertThat(before.connect(client)).isEqualTo("success");
            scene.registration.initialize(client.registration(), client.context());
            assertThat(scene.control.log).containsExactly("disconnect d-1 not-authenticated");
        }
    }

    @Test
    void disconnects_when_the_door_has_closed_meanwhile() {
        try (var scene = new Scene().open()) {
            var client = scene.client("d-1");
            scene.connect(client);
            scene.readiness.close(io.gatehouse.identity.RefusalReason.UNAVAILABLE, "stopping");
            scene.registration.initialize(client.registration(), client.context());
            assertThat(scene.control.log).hasSize(1);
            assertThat(scene.sessions.size()).isZero();
        }
    }

    @Test
    void puts_an_admitted_client_where_enforcement_finds_it() {
        try (var scene = new Scene().open()) {
            scene.live("d-1");
            assertThat(scene.sessions.size()).isEqualTo(1);
            assertThat(scene.evidence).containsExactly("admitted d-1");
        }
    }

    @Test
    void registers_a_new_session_while_another_change_is_being_applied() {
        try (var scene = new Scene().open()) {
            scene.filled.change();
            scene.live("d-1");
            assertThat(scene.evidence).containsExactly("admitted d-1");
        }
    }

    @Test
    void narrows_a_resumed_session_again_when_the_policy_changed_after_that_was_done() {
        try (var scene = new Scene().open()) {
            scene.stored("d-1");
            scene.control.subscriptions.put("d-1", Set.of(new Subscription("c/d-1/x", 1)));
            var client = scene.client("d-1").resuming();
            assertThat(scene.awaitConnect(client)).isEqualTo("success");
            assertThat(scene.control.log).isEmpty();
            scene.enforcer.onChange(scene.filled.change(Scene.fleet(Policy.of(Rule.publishing("only")), 1)));
            scene.control.log.clear();
            scene.registration.initialize(client.registration(), client.context());
            assertThat(scene.control.log).contains("unsubscribe d-1 [c/d-1/x]");
        }
    }

    @Test
    void refuses_one_too_many_when_the_limit_is_lowered_while_it_registers() {
        try (var scene = new Scene().open()) {
            scene.enforcer.onChange(scene.filled.change(Scene.fleet(Scene.POLICY, 3)));
            scene.live("d-1");
            scene.live("d-1:b");
            var third = scene.client("d-1:c");
            assertThat(scene.connect(third)).isEqualTo("success");
            scene.filled.change(Scene.fleet(Scene.POLICY, 2));
            scene.registration.initialize(third.registration(), third.context());
            assertThat(scene.control.log).containsExactly("disconnect d-1:c session-limit");
            assertThat(scene.sessions.size()).isEqualTo(2);
        }
    }

    @Test
    void filters_deliveries_only_of_a_resumed_session() {
        try (var scene = new Scene().open()) {
            assertThat(scene.live("d-1").interceptors).isEmpty();
            var again = scene.client("d-1").resuming();
            scene.awaitConnect(again);
            scene.registration.initialize(again.registration(), again.context());
            assertThat(again.interceptors).hasSize(1);
        }
    }
}

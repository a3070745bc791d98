package io.gatehouse.broker.admit;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.broker.control.BrokerControl.Subscription;
import io.gatehouse.broker.fakes.FakeClient;
import io.gatehouse.broker.fakes.Scene;
import io.gatehouse.broker.sessions.LiveSession;
import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.policy.Policy;
import io.gatehouse.identity.policy.Rule;
import io.gatehouse.testkit.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What was let in undecided, when decisions bind. */
class ObservationTest {
    private final List<String> left = new ArrayList<>();

    /** A client that nobody decided about. */
    private static FakeClient observed(Scene scene, FakeClient client) {
        scene.governance.mode(Governance.Mode.OBSERVE_ALONE);
        assertThat(scene.connect(client)).isEqualTo("success");
        scene.control.sessions.add(client.clientId);
        scene.registration.initialize(client.registration(), client.context());
        return client;
    }

    private void leaves(Scene scene, FakeClient client) {
        new Departures(scene.sessions, scene.observation, scene.marks, scene, left::add)
                .onDisconnect(client.departure());
    }

    private static void enforce(Scene scene) {
        scene.governance.mode(Governance.Mode.ENFORCE);
        scene.registration.adoptObserved();
    }

    @Test
    void a_session_that_began_when_nobody_knew_its_device_is_narrowed_before_it_resumes() {
        try (var scene = new Scene().open()) {
            scene.filled.change(scene.certificate(CertificateState.REVOKED));
            var client = observed(scene, scene.client("d-1"));
            scene.control.subscriptions.put("d-1", Set.of(new Subscription("#", 1)));
            leaves(scene, client);
            enforce(scene);
            scene.filled.change(scene.certificate(CertificateState.VALID));
            scene.looked();
            assertThat(scene.awaitConnect(scene.client("d-1").resuming())).isEqualTo("success");
            assertThat(scene.control.log).containsExactly("unsubscribe d-1 [#]");
        }
    }

    @Test
    void one_that_left_is_looked_after_so_that_ids_of_nobody_do_not_pile_up() {
        try (var scene = new Scene().open()) {
            var client = observed(scene, scene.client("anybody"));
            assertThat(scene.clients.knows("anybody")).isTrue();
            leaves(scene, client);
            assertThat(left).containsExactly("anybody");
        }
    }

    @Test
    void ends_a_client_whose_will_was_never_allowed() {
        try (var scene = new Scene().open()) {
            observed(scene, scene.client("d-1").leaving("d/d-2/will"));
            enforce(scene);
            assertThat(scene.control.log).containsExactly("disconnect d-1 topic-not-allowed");
            assertThat(scene.sessions.size()).isZero();
        }
    }

    @Test
    void a_connection_that_ends_while_it_becomes_a_session_leaves_none() {
        try (var scene = new Scene().open()) {
            var client = observed(scene, scene.client("d-1"));
            // HiveMQ tells of it once only, on another thread.
            client.permissions.meanwhile = scene.elsewhere(() -> leaves(scene, client));
            scene.governance.mode(Governance.Mode.ENFORCE);
            scene.registration.adoptObserved();
            scene.awaitElsewhere();
            assertThat(scene.sessions.size()).isZero();
            assertThat(scene.evidence).contains("closed d-1 network");
        }
    }

    @Test
    void a_connection_that_ends_before_its_session_can_be_found_leaves_none() {
        try (var scene = new Scene().open()) {
            var client = observed(scene, scene.client("d-1"));
            scene.governance.mode(Governance.Mode.ENFORCE);
            var adopting = new Registration(
                    scene.governance,
                    scene.strangers,
                    scene.observation,
                    scene.readiness,
                    scene.sessions,
                    scene.wills,
                    scene.stored,
                    scene.control,
                    scene.marks,
                    scene,
                    () -> {
                        leaves(scene, client);
                        return Instant.now();
                    });
            adopting.adoptObserved();
            assertThat(scene.sessions.size()).isZero();
            assertThat(scene.evidence).containsSubsequence("admitted d-1", "closed d-1 network");
        }
    }

    @Test
    void a_connection_that_ended_just_before_it_could_be_found_leaves_no_session() {
        try (var scene = new Scene().open()) {
            observed(scene, scene.client("d-1"));
            String id = scene.observation.all().get(0).id();
            assertThat(scene.observation.adopt(id)).isTrue();
            assertThat(scene.observation.adopt(id)).isFalse();
            assertThat(scene.observation.end(id)).isFalse();
            assertThat(scene.observation.adopted(id)).isTrue();
            assertThat(scene.observation.adopted(id)).isFalse();
        }
    }

    @Test
    void drops_the_will_of_one_who_is_away_when_a_change_went_by_that_nobody_enforced() {
        try (var scene = new Scene().open()) {
            scene.stored("d-1");
            scene.control.wills.add("d-1");
            scene.filled.change(Scene.fleet(Policy.of(Rule.publishing("only")), 1));
            scene.pendingWills.distrust();
            scene.enforcer.onChange(scene.filled.replace(
                    Scene.fleet(Policy.of(Rule.publishing("only")), 1),
                    Scene.device(0),
                    scene.certificate(CertificateState.VALID)));
            Await.until("no will is left", Duration.ofSeconds(10), scene.control.wills::isEmpty);
        }
    }

    @Test
    void the_session_that_another_of_the_same_client_took_over_takes_no_place() {
        try (var scene = new Scene().open()) {
            scene.live("d-1");
            scene.live("d-1");
            assertThat(scene.sessions.all())
                    .hasSize(2)
                    .allMatch(session -> session.ended().isEmpty());
            scene.enforcer.onChange(scene.filled.change(Scene.fleet(Scene.POLICY, 1)));
            assertThat(scene.control.log).isEmpty();
            assertThat(scene.sessions.all()).extracting(LiveSession::ended).allMatch(ended -> ended.isEmpty());
        }
    }
}

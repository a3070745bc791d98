package io.gatehouse.broker.admit;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.broker.control.BrokerControl;
import io.gatehouse.broker.enforce.StoredSweep;
import io.gatehouse.broker.fakes.FakeClient;
import io.gatehouse.broker.fakes.FakeOutput;
import io.gatehouse.broker.fakes.Scene;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.testkit.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GovernanceTest {
    private static Scene beside() {
        var scene = new Scene().open();
        scene.governance.govern(Set.of("devices"));
        return scene;
    }

    private static String publish(Scene scene, FakeClient client, String topic) {
        var output = new FakeOutput(client.permissions);
        scene.guard.authorizePublish(client.publish(topic, 1), output.publish());
        return output.answer;
    }

    private static FakeClient stranger(String clientId) {
        return new FakeClient(clientId, null).by("legacy");
    }

    @Test
    void leaves_a_listener_that_is_not_governed_to_other_extensions() {
        try (var scene = beside()) {
            var client = stranger("backend");
            assertThat(scene.connect(client)).isEqualTo("next");
            scene.registration.initialize(client.registration(), client.context());
            assertThat(scene.guard.forClient(client.publish("any/topic", 1))).isNull();
            assertThat(scene.guard.forClient(scene.client("d-1").publish("any/topic", 1)))
                    .isSameAs(scene.guard);
            assertThat(scene.control.log).isEmpty();
            assertThat(client.permissions.publishable()).isNull();
        }
    }

    @Test
    void hands_on_nobody_of_a_governed_listener_and_nobody_whose_listener_is_unknown() {
        try (var scene = beside()) {
            assertThat(scene.connect(new FakeClient("d-1", null).by("devices")))
                    .isEqualTo("NOT_AUTHORIZED no-certificate");
            assertThat(scene.connect(new FakeClient("backend", null))).isEqualTo("NOT_AUTHORIZED no-certificate");
            assertThat(scene.awaitConnect(scene.client("d-1").by("devices"))).isEqualTo("success");
        }
    }

    @Test
    void keeps_the_devices_client_ids_for_the_devices() {
        try (var scene = beside()) {
            assertThat(scene.connect(stranger("d-1"))).isEqualTo("CLIENT_IDENTIFIER_NOT_VALID client-id-mismatch");
            assertThat(scene.connect(stranger("d-1:x"))).isEqualTo("CLIENT_IDENTIFIER_NOT_VALID client-id-mismatch");
            assertThat(scene.connect(stranger("d-10"))).isEqualTo("next");
            assertThat(scene.evidence)
                    .containsExactly("contested d-1 client-id-mismatch", "contested d-1:x client-id-mismatch");
        }
    }

    @Test
    void lets_no_stranger_into_a_stored_session_while_nobody_knows_the_devices() {
        try (var scene = new Scene()) {
            scene.governance.govern(Set.of("devices"));
            scene.control.sessions.add("backend");
            assertThat(scene.connect(stranger("backend"))).isEqualTo("SERVER_UNAVAILABLE not-synchronised");
            assertThat(scene.connect(stranger("fresh"))).isEqualTo("next");
        }
    }

    @Test
    void gives_a_device_no_session_that_a_stranger_began_under_its_name() {
        try (var scene = beside()) {
            scene.control.sessions.add("d-1");
            scene.control.connected.add("d-1");
            scene.control.callback = Thread.currentThread();
            assertThat(scene.awaitConnect(scene.client("d-1").by("devices"))).isEqualTo("NOT_AUTHORIZED conflict");
            assertThat(scene.control.log).isEmpty();
            scene.control.connected.remove("d-1");
            assertThat(scene.awaitConnect(scene.client("d-1").by("devices")))
                    .isEqualTo("SERVER_UNAVAILABLE unavailable");
            Await.until(
                    "the stranger's session thrown away",
                    Duration.ofSeconds(10),
                    () -> scene.awaitConnect(scene.client("d-1").by("devices")).equals("success"));
            assertThat(scene.control.log).contains("purge d-1");
        }
    }

    @Test
    void a_stranger_who_was_seen_as_a_device_is_a_stranger_again_where_others_decide() {
        try (var scene = beside()) {
            scene.governance.mode(Governance.Mode.OBSERVE_ALONE);
            var client = new FakeClient("backend", null).by("devices");
            scene.connect(client);
            scene.registration.initialize(client.registration(), client.context());
            assertThat(scene.clients.knows("backend")).isTrue();
            var elsewhere = stranger("backend");
            assertThat(scene.connect(elsewhere)).isEqualTo("next");
            scene.registration.initialize(elsewhere.registration(), elsewhere.context());
            assertThat(scene.clients.knows("backend")).isFalse();
            assertThat(scene.control.log).isEmpty();
        }
    }

    @Test
    void throws_away_no_session_that_is_not_known_as_a_devices() {
        try (var scene = beside()) {
            scene.control.sessions.add("backend");
            scene.control.sessions.add("not a device id");
            var sweep = new StoredSweep(
                    scene.governance, scene.filled.directory, scene.control, scene.clients, scene.purger);
            sweep.index();
            sweep.run();
            scene.purger.announce(Set.of(DeviceId.of("backend")));
            scene.purger
                    .purge(DeviceId.of("backend"), () -> {})
                    .toCompletableFuture()
                    .join();
            assertThat(scene.control.log).isEmpty();
        }
    }

    @Test
    void refuses_everybody_by_an_unsafe_listener_and_nobody_else() {
        try (var scene = new Scene().open()) {
            scene.governance.unsafe(Map.of("plain", "without TLS"));
            assertThat(scene.connect(scene.client("d-1").by("plain")))
                    .isEqualTo("SERVER_UNAVAILABLE unsafe-configuration");
            assertThat(scene.connect(scene.client("d-1").by("devices"))).isEqualTo("success");
        }
    }

    @Test
    void only_observes_and_says_what_it_would_refuse() {
        try (var scene = new Scene().open()) {
            scene.governance.mode(Governance.Mode.OBSERVE);
            var stranger = scene.client("d-2");
            assertThat(scene.connect(stranger)).isEqualTo("next");
            scene.registration.initialize(stranger.registration(), stranger.context());
            var device = scene.client("d-1");
            scene.registration.initialize(device.registration(), device.context());
            device.inbound.get(0).onInboundPublish(device.inboundPublish("d/d-2/x"), null);
            device.inbound.get(0).onInboundPublish(device.inboundPublish("d/d-1/x"), null);
            assertThat(scene.guard.forClient(device.publish("d/d-2/x", 1))).isNull();
            assertThat(stranger.permissions.publishable()).isNull();
            assertThat(scene.control.log).isEmpty();
            assertThat(scene.evidence)
                    .containsExactly("would refuse d-2 client-id-mismatch", "would refuse d-1 topic-not-allowed");
        }
    }

    @Test
    void admits_by_safe_listeners_when_it_observes_alone() {
        try (var scene = new Scene().open()) {
            scene.governance.mode(Governance.Mode.OBSERVE_ALONE);
            scene.governance.unsafe(Map.of("plain", "without TLS"));
            assertThat(scene.connect(scene.client("d-2").by("devices"))).isEqualTo("success");
            assertThat(scene.connect(scene.client("d-1").by("plain")))
                    .isEqualTo("SERVER_UNAVAILABLE unsafe-configuration");
        }
    }

    @Test
    void decides_everybody_who_is_in_when_observing_ends() {
        try (var scene = new Scene().open()) {
            scene.governance.mode(Governance.Mode.OBSERVE);
            var stays = scene.client("d-1");
            var goes = scene.client("d-2");
            for (var client : List.of(stays, goes)) {
                scene.connect(client);
                scene.registration.initialize(client.registration(), client.context());
            }
            scene.control.subscriptions.put("d-1", Set.of(new BrokerControl.Subscription("#", 0)));
            scene.governance.mode(Governance.Mode.ENFORCE);
            scene.registration.adoptObserved();
            assertThat(scene.control.log)
                    .containsExactlyInAnyOrder("unsubscribe d-1 [#]", "disconnect d-2 client-id-mismatch");
            assertThat(stays.permissions.publishable()).isNotEmpty();
            assertThat(stays.interceptors).hasSize(1);
            assertThat(scene.sessions.size()).isEqualTo(1);
            assertThat(publish(scene, stays, "d/d-2/x")).isEqualTo("NOT_AUTHORIZED topic-not-allowed");
            assertThat(publish(scene, stays, "d/d-1/x")).isEqualTo("success");
        }
    }
}

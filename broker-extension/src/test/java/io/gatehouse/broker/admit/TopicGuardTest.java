package io.gatehouse.broker.admit;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.broker.fakes.FakeClient;
import io.gatehouse.broker.fakes.FakeOutput;
import io.gatehouse.broker.fakes.Scene;
import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.RefusalReason;
import org.junit.jupiter.api.Test;

class TopicGuardTest {
    private static String publish(Scene scene, FakeClient client, String topic) {
        var output = new FakeOutput(client.permissions);
        scene.guard.authorizePublish(client.publish(topic, 1), output.publish());
        return output.answer;
    }

    private static String subscribe(Scene scene, FakeClient client, String filter, int qos) {
        var output = new FakeOutput(client.permissions);
        scene.guard.authorizeSubscribe(client.subscribe(filter, qos), output.subscribe());
        return output.answer;
    }

    private static String will(Scene scene, FakeClient client, String topic) {
        var output = new FakeOutput(client.permissions);
        scene.guard.authorizePublish(client.will(topic), output.publish());
        return output.answer;
    }

    @Test
    void decides_each_publish_and_subscription_by_the_policy() {
        try (var scene = new Scene().open()) {
            var client = scene.live("d-1");
            assertThat(publish(scene, client, "d/d-1/x")).isEqualTo("success");
            assertThat(publish(scene, client, "d/d-2/x")).isEqualTo("NOT_AUTHORIZED topic-not-allowed");
            assertThat(subscribe(scene, client, "c/d-1/+", 2)).isEqualTo("success");
            assertThat(subscribe(scene, client, "c/#", 0)).isEqualTo("NOT_AUTHORIZED topic-not-allowed");
            assertThat(scene.evidence).contains("refused d-1 topic-not-allowed");
        }
    }

    @Test
    void disconnects_a_client_that_has_no_session_of_ours() {
        try (var scene = new Scene().open()) {
            var client = scene.client("d-1");
            assertThat(publish(scene, client, "d/d-1/x")).isEqualTo("disconnect NOT_AUTHORIZED not-authenticated");
            assertThat(subscribe(scene, client, "c/d-1/x", 0)).isEqualTo("disconnect NOT_AUTHORIZED not-authenticated");
            client.attributes.put("io.gatehouse.session", "guessed");
            assertThat(publish(scene, client, "d/d-1/x")).isEqualTo("disconnect NOT_AUTHORIZED not-authenticated");
        }
    }

    @Test
    void lets_a_session_that_ends_do_nothing_more_whatever_its_socket_does() {
        try (var scene = new Scene().open()) {
            var client = scene.live("d-1");
            scene.sessions.all().iterator().next().end(RefusalReason.REVOKED);
            assertThat(publish(scene, client, "d/d-1/x")).isEqualTo("disconnect ADMINISTRATIVE_ACTION revoked");
        }
    }

    @Test
    void decides_a_will_before_the_session_is_registered() {
        try (var scene = new Scene().open()) {
            var client = scene.client("d-1");
            assertThat(will(scene, client, "d/d-1/x")).isEqualTo("NOT_AUTHORIZED not-authenticated");
            scene.connect(client);
            assertThat(will(scene, client, "d/d-1/x")).isEqualTo("success");
            assertThat(will(scene, client, "d/d-2/x")).isEqualTo("NOT_AUTHORIZED topic-not-allowed");
            scene.filled.change(scene.certificate(CertificateState.REVOKED));
            assertThat(will(scene, client, "d/d-1/x")).isEqualTo("NOT_AUTHORIZED not-authenticated");
        }
    }

    @Test
    void refuses_when_anything_goes_wrong() {
        try (var scene = new Scene().open()) {
            var client = scene.live("d-1");
            assertThat(publish(scene, client, null)).isEqualTo("UNSPECIFIED_ERROR internal-error");
            assertThat(subscribe(scene, client, null, 0)).isEqualTo("UNSPECIFIED_ERROR internal-error");
        }
    }
}

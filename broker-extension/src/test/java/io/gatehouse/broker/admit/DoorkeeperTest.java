package io.gatehouse.broker.admit;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.broker.control.BrokerControl.Subscription;
import io.gatehouse.broker.fakes.FakeClient;
import io.gatehouse.broker.fakes.FakeOutput;
import io.gatehouse.broker.fakes.Scene;
import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.TestAuthority;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DoorkeeperTest {
    @Test
    void refuses_everybody_with_the_reason_of_the_closed_door() {
        try (var scene = new Scene()) {
            assertThat(scene.connect(scene.client("d-1"))).isEqualTo("SERVER_UNAVAILABLE not-synchronised");
            scene.readiness.close(RefusalReason.UNSAFE_CONFIGURATION, "plain listener");
            assertThat(scene.connect(scene.client("d-1"))).isEqualTo("SERVER_UNAVAILABLE unsafe-configuration");
        }
    }

    @Test
    void admits_a_known_device_with_nothing_but_what_it_may_publish() {
        try (var scene = new Scene().open()) {
            var client = scene.client("d-1");
            assertThat(scene.connect(client)).isEqualTo("success");
            assertThat(client.permissions.publishable()).containsExactly("d/d-1/#");
        }
    }

    @Test
    void leaves_no_permission_to_whom_it_refuses() {
        try (var scene = new Scene().open()) {
            var client = scene.client("other");
            assertThat(scene.connect(client)).isEqualTo("CLIENT_IDENTIFIER_NOT_VALID client-id-mismatch");
            assertThat(client.permissions.publishable()).isEmpty();
            assertThat(scene.evidence).containsExactly("refused other client-id-mismatch");
        }
    }

    @Test
    void refuses_a_connection_without_a_certificate() {
        try (var scene = new Scene().open()) {
            assertThat(scene.connect(new FakeClient("d-1", null))).isEqualTo("NOT_AUTHORIZED no-certificate");
        }
    }

    @Test
    void refuses_a_certificate_that_names_another_device_than_the_directory_says() {
        try (var scene = new Scene().open()) {
            var another = TestAuthority.root().devicesCa().device("d-2");
            scene.filled.change(Scene.certificate(another, CertificateState.VALID));
            assertThat(scene.connect(new FakeClient("d-1", another.certificate())))
                    .isEqualTo("NOT_AUTHORIZED name-mismatch");
        }
    }

    @Test
    void refuses_when_anything_at_all_goes_wrong() {
        try (var scene = new Scene().open()) {
            // A client id is never null; here it makes everything behind it fail.
            assertThat(scene.connect(new FakeClient(null, scene.held.certificate())))
                    .isEqualTo("UNSPECIFIED_ERROR internal-error");
        }
    }

    @Test
    void takes_forbidden_subscriptions_away_before_a_stored_session_resumes() {
        try (var scene = new Scene().open()) {
            scene.stored("d-1");
            scene.control.subscriptions.put(
                    "d-1", Set.of(new Subscription("c/d-1/x", 1), new Subscription("c/other", 1)));
            assertThat(scene.awaitConnect(scene.client("d-1").resuming())).isEqualTo("success");
            assertThat(scene.control.log).containsExactly("unsubscribe d-1 [c/other]");
        }
    }

    @Test
    void refuses_a_resumed_session_whose_subscriptions_cannot_be_read() {
        try (var scene = new Scene().open()) {
            scene.stored("d-1");
            scene.control.fails = true;
            assertThat(scene.awaitConnect(scene.client("d-1").resuming())).isEqualTo("SERVER_UNAVAILABLE unavailable");
        }
    }

    @Test
    void refuses_a_device_while_its_predecessors_session_is_thrown_away() {
        try (var scene = new Scene().open()) {
            scene.purger.announce(List.of(DeviceId.of("d-1")));
            assertThat(scene.connect(scene.client("d-1"))).isEqualTo("SERVER_UNAVAILABLE unavailable");
        }
    }

    @Test
    void hands_out_a_stored_session_only_when_every_revision_is_looked_at() {
        try (var scene = new Scene().open()) {
            var change = scene.filled.change();
            assertThat(scene.connect(scene.client("d-1"))).isEqualTo("success");
            scene.stored("d-1");
            // A clean start drops what is there, so it need not wait.
            assertThat(scene.connect(scene.client("d-1"))).isEqualTo("success");
            var client = scene.client("d-1").resuming();
            var output = new FakeOutput(client.permissions);
            scene.doorkeeper.onConnect(client.connect(), output.auth());
            assertThat(output.waiting).isTrue();
            scene.purger.announce(List.of(DeviceId.of("d-1")));
            scene.enforcer.onChange(change);
            Await.until("an answer", Duration.ofSeconds(10), () -> !output.waiting);
            assertThat(output.answer).isEqualTo("SERVER_UNAVAILABLE unavailable");
        }
    }

    @Test
    void asks_the_disk_seldom_and_elsewhere_when_a_device_at_its_limit_comes_again_and_again() {
        int max = 1_000;
        try (var scene = new Scene().open()) {
            scene.enforcer.onChange(scene.filled.change(Scene.fleet(Scene.POLICY, max)));
            for (int i = 0; i < max; i++) {
                scene.stored("d-1:" + i);
            }
            scene.control.callback = Thread.currentThread();
            for (int i = 0; i < 20; i++) {
                assertThat(scene.awaitConnect(scene.client("d-1:fresh-" + i)))
                        .isEqualTo("QUOTA_EXCEEDED session-limit");
            }
            // Once a second.
            assertThat(scene.control.looks.get()).isLessThan(10 * max);
        }
    }

    @Test
    void finds_the_place_of_a_session_that_is_gone() {
        try (var scene = new Scene().open()) {
            scene.enforcer.onChange(scene.filled.change(Scene.fleet(Scene.POLICY, 2)));
            scene.stored("d-1");
            scene.stored("d-1:a");
            scene.control.sessions.remove("d-1:a");
            assertThat(scene.awaitConnect(scene.client("d-1:b"))).isEqualTo("success");
            scene.control.sessions.add("d-1:b");
            assertThat(scene.awaitConnect(scene.client("d-1:c"))).isEqualTo("QUOTA_EXCEEDED session-limit");
        }
    }

    @Test
    void tells_a_revoked_device_so() {
        try (var scene = new Scene().open()) {
            scene.filled.change(scene.certificate(CertificateState.REVOKED));
            assertThat(scene.connect(scene.client("d-1"))).isEqualTo("BANNED revoked");
        }
    }
}

package io.gatehouse.broker.enforce;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.broker.fakes.Scene;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.testkit.Await;
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

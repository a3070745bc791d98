package io.gatehouse.broker.enforce;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.broker.fakes.Scene;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.testkit.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PurgerTest {
    private static final DeviceId DEVICE = DeviceId.of("d-1");

    @Test
    void waits_until_the_broker_has_noted_the_disconnect() throws Exception {
        try (var scene = new Scene()) {
            scene.control.sessions.add("d-1");
            scene.control.connected.add("d-1");
            scene.purger.announce(List.of(DEVICE));
            var done = scene.purger.purge(DEVICE, () -> {}).toCompletableFuture();
            assertThat(done).isNotDone();
            scene.control.connected.remove("d-1");
            done.get(10, TimeUnit.SECONDS);
            assertThat(scene.control.log)
                    .containsExactly("disconnect d-1 revoked", "disconnect d-1 revoked", "purge d-1");
        }
    }

    @Test
    void throws_away_every_session_of_the_device_and_no_other() throws Exception {
        try (var scene = new Scene()) {
            for (String id : List.of("d-1", "d-1:a", "d-1:b", "d-10", "d-2")) {
                scene.control.sessions.add(id);
            }
            new StoredSweep(scene.governance, scene.filled.directory, scene.control, scene.clients, scene.purger)
                    .index();
            scene.purger.announce(List.of(DEVICE));
            scene.purger.purge(DEVICE, () -> {}).toCompletableFuture().get(10, TimeUnit.SECONDS);
            assertThat(scene.control.sessions).containsExactlyInAnyOrder("d-10", "d-2");
        }
    }

    @Test
    void keeps_the_device_out_until_it_has_worked() {
        try (var scene = new Scene()) {
            scene.control.sessions.add("d-1");
            scene.control.fails = true;
            scene.purger.announce(List.of(DEVICE));
            var done = scene.purger.purge(DEVICE, () -> {}).toCompletableFuture();
            Await.until("the first attempt", Duration.ofSeconds(10), () -> scene.control.log.contains("purge d-1"));
            assertThat(scene.purger.purging(DEVICE)).isTrue();
            scene.control.fails = false;
            Await.until("the second attempt", Duration.ofSeconds(10), done::isDone);
            assertThat(scene.purger.purging(DEVICE)).isFalse();
        }
    }

    @Test
    void a_second_announcement_of_what_is_being_thrown_away_leaves_the_successor_alone() throws Exception {
        try (var scene = new Scene().open()) {
            scene.stored("d-1");
            scene.control.connected.add("d-1");
            scene.purger.announce(List.of(DEVICE));
            var first = scene.purger.purge(DEVICE, () -> scene.evidence.add("first"));
            scene.purger.announce(List.of(DEVICE));
            scene.control.connected.remove("d-1");
            first.toCompletableFuture().get(10, TimeUnit.SECONDS);
            scene.live("d-1");
            scene.control.log.clear();
            var second = scene.purger.purge(DEVICE, () -> scene.evidence.add("second"));
            second.toCompletableFuture().get(10, TimeUnit.SECONDS);
            assertThat(scene.evidence).contains("first", "second");
            assertThat(scene.control.log).isEmpty();
            assertThat(scene.control.sessions).containsExactly("d-1");
        }
    }

    @Test
    void stays_closed_for_a_device_that_a_change_which_nobody_has_looked_at_may_announce_again() {
        try (var scene = new Scene().open()) {
            scene.stored("d-1");
            scene.purger.announce(List.of(DEVICE));
            var unseen = scene.filled.change();
            var done =
                    scene.purger.purge(DEVICE, () -> scene.evidence.add("gone")).toCompletableFuture();
            Await.until("thrown away", Duration.ofSeconds(10), () -> scene.evidence.contains("gone"));
            assertThat(scene.purger.purging(DEVICE)).isTrue();
            scene.enforcer.onChange(unseen);
            Await.until("open again", Duration.ofSeconds(10), done::isDone);
            assertThat(scene.purger.purging(DEVICE)).isFalse();
        }
    }

    @Test
    void sweeps_away_what_no_device_of_the_directory_can_resume() {
        try (var scene = new Scene()) {
            for (String id : List.of("d-1", "d-1:b", "gone", "not a device id")) {
                scene.control.sessions.add(id);
            }
            new StoredSweep(scene.governance, scene.filled.directory, scene.control, scene.clients, scene.purger).run();
            Await.until("swept", Duration.ofSeconds(10), () -> scene.control.sessions.size() == 1);
            assertThat(scene.control.sessions).containsExactly("d-1");
        }
    }
}

package io.gatehouse.broker.admit;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.broker.fakes.Scene;
import io.gatehouse.testkit.Await;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressTest {
    @Test
    void is_behind_until_a_change_is_looked_at_and_tells_all_who_wait() {
        try (var scene = new Scene()) {
            assertThat(scene.progress.behind()).isFalse();
            assertThat(scene.progress.caughtUp().toCompletableFuture()).isDone();
            scene.filled.change();
            assertThat(scene.progress.behind()).isTrue();
            var one = scene.progress.caughtUp().toCompletableFuture();
            var other = scene.progress.caughtUp().toCompletableFuture();
            assertThat(one).isNotDone();
            scene.looked();
            Await.until("both are told", Duration.ofSeconds(10), () -> one.isDone() && other.isDone());
        }
    }

    @Test
    void is_behind_after_a_restored_service_says_something_else_at_the_same_revision() {
        try (var scene = new Scene()) {
            scene.filled.restore("epoch-2", Scene.fleet(Scene.POLICY, 1));
            assertThat(scene.progress.behind()).isTrue();
            scene.looked();
            assertThat(scene.progress.behind()).isFalse();
        }
    }

    @Test
    void is_behind_before_there_is_anything_to_follow() {
        try (var scene = new Scene()) {
            assertThat(new Progress(scene.later).behind()).isTrue();
        }
    }
}

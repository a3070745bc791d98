package io.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessRunTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @Test
    void keeps_both_outputs_and_the_exit_code() {
        ProcessRun.Result result =
                ProcessRun.of("sh", "-c", "echo said; echo warned >&2; exit 3").run();
        assertThat(result.out()).isEqualTo("said\n");
        assertThat(result.err()).isEqualTo("warned\n");
        assertThat(result.exit()).isEqualTo(3);
    }

    @Test
    void an_unexpected_exit_code_fails_with_the_output() {
        ProcessRun.Result result = ProcessRun.of("sh", "-c", "echo why; exit 1").run();
        assertThatThrownBy(result::ok).isInstanceOf(AssertionError.class).hasMessageContaining("why");
    }

    @Test
    void passes_input_environment_and_directory(@TempDir Path directory) {
        ProcessRun.Result result = ProcessRun.of("sh", "-c", "cat; echo \"$WORD\"; pwd")
                .stdin("in ")
                .env("WORD", "env")
                .in(directory)
                .run()
                .ok();
        assertThat(result.out()).isEqualTo("in env\n" + directory + "\n");
    }

    @Test
    void kills_what_does_not_end_together_with_its_children() {
        RunningProcess running =
                ProcessRun.of("sh", "-c", "sleep 600 & echo child $!; wait").start();
        long child = Long.parseLong(running.awaitOutput("child (\\d+)", LIMIT).group(1));
        assertThatThrownBy(() -> running.awaitExit(Duration.ofMillis(20))).hasMessageContaining("not ended within");
        Await.until(
                "the child is gone",
                LIMIT,
                () -> ProcessHandle.of(child).map(handle -> !handle.isAlive()).orElse(true));
    }

    @Test
    void waiting_for_output_ends_when_the_program_ends_without_it() {
        try (RunningProcess running = ProcessRun.of("sh", "-c", "echo other").start()) {
            assertThatThrownBy(() -> running.awaitOutput("wanted", LIMIT)).hasMessageContaining("ended without wanted");
        }
    }
}

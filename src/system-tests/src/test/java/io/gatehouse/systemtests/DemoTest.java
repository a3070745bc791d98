package io.gatehouse.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testkit.ProcessRun;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** {@code gatehouse demo}: the whole story in one command. */
class DemoTest {
    @Test
    void tells_each_step_with_its_time_and_exits_0() {
        ProcessRun.Result demo =
                Gatehouse.command("demo").within(Duration.ofMinutes(2)).run().ok();
        assertThat(demo.out())
                .containsPattern("(?i)enroll")
                .containsPattern("(?i)refused")
                .containsPattern("(?i)revoke");
        assertThat(demo.out().lines().filter(line -> line.matches(".*\\b\\d+(\\.\\d+)? ?m?s\\b.*")))
                .hasSizeGreaterThanOrEqualTo(8);
        assertThat(demo.both()).doesNotContain("\tat ");
    }
}

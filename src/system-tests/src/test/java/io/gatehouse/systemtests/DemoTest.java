package io.gatehouse.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testkit.ProcessRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    /** The broken step: there is no extension to install. */
    @Test
    void says_which_step_does_not_hold_and_exits_1(@TempDir Path directory) throws IOException {
        Path stage = Files.createDirectories(directory.resolve("stage"));
        Path launcher = Files.createDirectories(stage.resolve("bin")).resolve("gatehouse");
        Files.copy(Repository.stage().resolve("bin/gatehouse"), launcher, StandardCopyOption.COPY_ATTRIBUTES);
        Files.createSymbolicLink(stage.resolve("lib"), Repository.stage().resolve("lib"));
        ProcessRun.Result demo = ProcessRun.of(launcher.toString(), "demo")
                .env("GATEHOUSE_JAVA_OPTS", "-Djava.io.tmpdir=" + directory)
                .within(Duration.ofMinutes(2))
                .run()
                .expect(1);
        assertThat(demo.out()).containsPattern("FAILED +1 ");
        assertThat(demo.err()).contains("step 1 does not hold").doesNotContain("\tat ");
    }

    /** The broken step: the application looks for the broker where there is none. */
    @Test
    void names_a_later_step_as_well_when_that_one_does_not_hold() {
        ProcessRun.Result demo = Gatehouse.command("demo")
                .env("GATEHOUSE_AGENT_BROKER", "mqtts://localhost:9")
                .within(Duration.ofMinutes(2))
                .run()
                .expect(1);
        assertThat(demo.out()).contains("the service and the broker start").containsPattern("FAILED +[2-9] ");
        assertThat(demo.err()).containsPattern("step [2-9] does not hold").doesNotContain("\tat ");
    }
}

package io.gatehouse.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Does what {@code src/docs/start} says, word for word, with curl, openssl and mosquitto as the device. Only the page's settings (where
 * the ports are) are replaced, because the test runs on free ports.
 */
class StartPageTest {
    private static final String PAGE = "src/docs/start/README.md";
    private static final Pattern BLOCK =
            Pattern.compile("^```(sh settings|sh|text)\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

    @TempDir
    Path directory;

    @Test
    void every_command_of_the_page_does_what_the_page_says() throws Exception {
        Tools.require("bash", "curl", "openssl", "base64", "mosquitto_pub", "mosquitto_sub");
        List<Step> steps = steps();
        assertThat(steps).hasSizeGreaterThan(8);
        assertThat(steps).filteredOn(step -> !step.expected().isEmpty()).hasSizeGreaterThan(6);
        try (Gatehouse gatehouse = Gatehouse.up()) {
            Files.writeString(directory.resolve("page.sh"), script(gatehouse, steps));
            ProcessRun.Result result = ProcessRun.of("bash", "-eu", "-o", "pipefail", "page.sh")
                    .in(directory)
                    .within(Duration.ofMinutes(3))
                    .run()
                    .ok();
            String[] outputs = result.out().split("=== STEP\n", -1);
            assertThat(outputs).hasSize(steps.size() + 1);
            for (int i = 0; i < steps.size(); i++) {
                for (String line : steps.get(i).expected()) {
                    assertThat(outputs[i + 1]).as(steps.get(i).commands()).contains(line);
                }
            }
        }
    }

    private static String script(Gatehouse gatehouse, List<Step> steps) {
        StringBuilder script = new StringBuilder();
        script.append("export GATEHOUSE_HOME='").append(gatehouse.home()).append("'\n");
        script.append("PATH='").append(Repository.stage().resolve("bin")).append("':$PATH\n");
        script.append("EST=").append(gatehouse.enrollUrl()).append('\n');
        script.append("MQTT='-h localhost -p ").append(gatehouse.mqttPort()).append(" -V 5 --cafile trust.pem'\n");
        for (Step step : steps) {
            script.append("echo '=== STEP'\n").append(step.commands());
        }
        return script.toString();
    }

    /** The page's commands without the settings, each with the lines that it is said to print. */
    private static List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        int settings = 0;
        Matcher block = BLOCK.matcher(Repository.read(PAGE));
        while (block.find()) {
            switch (block.group(1)) {
                case "sh settings" -> settings++;
                case "sh" -> steps.add(new Step(block.group(2), List.of()));
                default -> {
                    Step last = steps.remove(steps.size() - 1);
                    steps.add(new Step(last.commands(), block.group(2).lines().toList()));
                }
            }
        }
        assertThat(settings).isEqualTo(1);
        return steps;
    }

    /** One block of commands and what it must print. */
    private record Step(String commands, List<String> expected) {}
}

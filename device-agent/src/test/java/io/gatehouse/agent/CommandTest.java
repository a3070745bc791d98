package io.gatehouse.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.agent.config.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandTest {
    @TempDir
    Path directory;

    private AgentRig rig;

    @BeforeEach
    void begin() throws IOException {
        rig = new AgentRig(directory);
    }

    @AfterEach
    void end() {
        rig.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"enroll", "run", "publish", "subscribe", "renew", "needs-renewal", "status"})
    void every_verb_has_its_help(String verb) {
        var said = rig.agent(verb, "--help");
        assertThat(said.exit()).isZero();
        assertThat(said.out()).contains("Usage:", verb, "--config", "--state");
    }

    @Test
    void the_help_lists_verbs_and_exit_codes() {
        var said = rig.agent("--help");
        assertThat(said.exit()).isZero();
        assertThat(said.out()).contains("enroll", "needs-renewal", "Exit codes:", "revoked or decommissioned");
    }

    @ParameterizedTest
    @CsvSource({
        "''",
        "fly",
        "publish",
        "publish devices/+/x --message m",
        "publish t --qos 2 --message m",
        "publish t --qos x",
        "subscribe a/#/b",
        "subscribe a+",
        "subscribe a --count 0",
        "subscribe a --timeout 5",
        "enroll --url http://x",
        "enroll --url https://x/path --device d",
        "enroll --url https://x --device /d",
        "enroll --url https://x --device d --ca-fingerprint 12",
        "enroll --url https://x --device d --fleet F",
        "enroll --url https://x --device auto:serial",
        "enroll --url https://x --device d --ca /does/not/exist --claim-file /does/not/exist",
        "run --broker mqtt://x",
        "status --state ''",
        "status --config /does/not/exist"
    })
    void a_mistake_is_exit_2_and_one_message(String line) {
        var said = rig.agent(
                line.isEmpty() ? new String[0] : line.replace("''", "").split(" ", -1));
        assertThat(said.exit()).isEqualTo(2);
        assertThat(said.err()).isNotEmpty().doesNotContain("Exception", "\tat ");
    }

    @Test
    void without_an_identity_it_says_to_enroll_first() {
        for (var verb : new String[] {"run", "renew", "status", "needs-renewal"}) {
            var said = rig.verb(verb);
            assertThat(said.exit()).isEqualTo(2);
            assertThat(said.out() + said.err()).contains("enroll first");
        }
    }

    @Test
    void the_configuration_can_say_everything() throws IOException {
        Files.writeString(
                directory.resolve("agent.toml"), """
                url = "%s"
                ca = "%s"
                device = "d-1"
                claim-file = "%s"
                state = "%s"
                """.formatted(rig.service.url(), rig.ca, rig.claim, rig.state));
        var conf = Files.createDirectory(directory.resolve("conf.d"));
        Files.writeString(conf.resolve("10-broker.toml"), "broker = \"" + rig.broker.address() + "\"\n");
        var config = directory.resolve("agent.toml").toString();
        assertThat(rig.agent("enroll", "--config", config).exit()).isZero();
        assertThat(rig.agent("publish", "t", "--message", "x", "--config", config)
                        .exit())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "urll = 'https://x' | urll | known are url",
                "url = 'http://x' | url = \"http://x\" | https://HOST:PORT",
                "keep-alive = 'PT1S' | keep-alive = \"PT1S\" | from PT5S",
                "keep-alive = 5 | keep-alive = \"5\" | a text",
                "device = 'a/b' | device = \"a/b\" | a device id",
                "[service] | service | known are url",
                "url = | agent.toml | not TOML"
            })
    void a_wrong_configuration_names_file_key_value_and_what_is_allowed(String toml, String named, String allowed)
            throws IOException {
        var file = Files.writeString(directory.resolve("agent.toml"), toml + "\n");
        var said = rig.agent("status", "--config", file.toString());
        assertThat(said.exit()).isEqualTo(2);
        assertThat(said.err()).contains(file.toString(), named, allowed);
    }

    @Test
    void the_environment_overrides_the_file_and_an_option_overrides_both() throws IOException {
        var file = Files.writeString(directory.resolve("agent.toml"), "state = \"/from/file\"\n");
        var environment = Map.of("GATEHOUSE_AGENT_STATE", "/from/environment");
        assertThat(rig.agentWith(environment, "", "status", "--config", file.toString())
                        .err())
                .contains("/from/environment");
        assertThat(rig.agentWith(environment, "", "status", "--config", file.toString(), "--state", "/from/option")
                        .err())
                .contains("/from/option");
        assertThat(rig.agentWith(Map.of("GATEHOUSE_AGENT_STATUS", "x"), "", "status")
                        .exit())
                .isEqualTo(2);
    }

    @Test
    void a_device_can_take_its_name_from_a_file() throws IOException {
        var name = Files.writeString(directory.resolve("name"), "d-1\n");
        assertThat(rig.enroll("--device", "auto:file:" + name).exit()).isZero();
        Files.writeString(name, "no device id\n");
        assertThat(rig.enroll("--device", "auto:file:" + name).exit()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(Setting.class)
    void every_setting_is_documented(Setting setting) {
        assertThat(setting.doc()).endsWith(".");
        assertThat(setting.allowed()).isNotEmpty();
        assertThat(setting.example()).isNotEmpty();
        assertThat(setting.environmentName()).matches("GATEHOUSE_AGENT_[A-Z_]+");
    }

    @Test
    void two_agents_do_not_change_one_state_at_once() {
        try (var lock = rig.store().lock().orElseThrow()) {
            assertThat(rig.enroll().exit()).isEqualTo(3);
        }
        assertThat(rig.enroll().exit()).isZero();
    }
}

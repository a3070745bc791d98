package io.gatehouse.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testkit.ProcessRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mistake in the configuration is one message with file, key, value and what is allowed; exit 2. */
class WrongConfigurationTest {
    @TempDir
    Path home;

    @Test
    void a_port_out_of_range_is_named_with_what_is_allowed() throws IOException {
        assertThat(mistake("mqtt-port = 70000\n")).contains("mqtt-port", "70000", "1 to 65535");
    }

    @Test
    void a_value_of_the_wrong_type_is_named() throws IOException {
        assertThat(mistake("max-stale = 24\n")).contains("max-stale", "24", "ISO 8601");
    }

    @Test
    void an_unknown_key_is_named() throws IOException {
        assertThat(mistake("mqqt-port = 8883\n")).contains("mqqt-port");
    }

    @Test
    void a_text_that_is_no_toml_is_a_mistake_of_the_file() throws IOException {
        assertThat(mistake("this is = = not toml\n")).contains("gatehouse.toml");
    }

    @Test
    void an_option_out_of_range_is_named_too() {
        ProcessRun.Result result = Gatehouse.command("up", "--home", home.toString(), "--enroll-port", "banana")
                .run()
                .expect(2);
        assertThat(result.err()).contains("--enroll-port", "banana").doesNotContain("\tat ");
    }

    @Test
    void an_unknown_verb_is_a_mistake_in_usage() {
        ProcessRun.Result result = Gatehouse.command("revolve").run().expect(2);
        assertThat(result.err()).contains("revolve").doesNotContain("\tat ");
    }

    @Test
    void keys_without_their_database_are_not_given_a_new_one() throws IOException {
        Path unlock = Files.writeString(home.resolve("unlock"), "correct horse\n");
        Path place = home.resolve("home");
        Gatehouse.command("init", "--home", place.toString(), "--unlock-file", unlock.toString())
                .with("--enroll-port", "0", "--admin-port", "0", "--pki-port", "0", "--mqtt-port", "0")
                .run()
                .ok();
        Path database = place.resolve("data/gatehouse.db");
        Files.delete(database);
        for (String verb : new String[] {"init", "service", "up"}) {
            ProcessRun.Result result = Gatehouse.command(
                            verb, "--home", place.toString(), "--unlock-file", unlock.toString())
                    .run()
                    .expect(2);
            assertThat(result.err().strip())
                    .as(verb)
                    .hasLineCount(1)
                    .contains(database.toString(), "gatehouse restore");
            assertThat(database).doesNotExist();
        }
    }

    private String mistake(String toml) throws IOException {
        Files.writeString(home.resolve("gatehouse.toml"), toml);
        ProcessRun.Result result =
                Gatehouse.command("up", "--home", home.toString()).run().expect(2);
        assertThat(result.err()).contains("gatehouse.toml").doesNotContain("\tat ");
        assertThat(result.err().strip().lines().count()).as(result.err()).isEqualTo(1);
        return result.err();
    }
}

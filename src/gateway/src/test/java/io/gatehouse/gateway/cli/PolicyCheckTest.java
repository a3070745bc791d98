package io.gatehouse.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code policy check}, which fails a build and asks no service. */
class PolicyCheckTest {
    private static final Path PAGE = Path.of("../docs/reference/policy.md");

    private static final String POLICY = "[[rule]]\npublish = [\"d/${device}/#\"]\nqos-max = 1\nretain = \"never\"\n\n"
            + "[[rule]]\nsubscribe = [\"s/${attr.site}/#\"]\nshared = \"only\"\n";

    @TempDir
    Path directory;

    private String write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text).toString();
    }

    private static Ended check(String... words) {
        String[] all = new String[words.length + 2];
        all[0] = "policy";
        all[1] = "check";
        System.arraycopy(words, 0, all, 2, words.length);
        return Ended.of(Map.of(), "", all);
    }

    private Ended decided(String cases) throws IOException {
        return check(write("p.toml", POLICY), "--cases", write("c.toml", cases));
    }

    @Test
    void the_example_of_the_page_prints_what_the_page_says() throws IOException {
        List<String> blocks = Pattern.compile("```(?:toml|text)\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(PAGE))
                .results()
                .map(block -> block.group(1))
                .toList();
        String policy = write("policy.toml", found(blocks, "[[rule]]"));
        String cases = write("cases.toml", found(blocks, "[[case]]"));

        Ended ended = check(policy, "--cases", cases, "--strict");

        assertThat(ended.out().replace(policy, "policy.toml")).isEqualTo(found(blocks, "cases, 0 failed"));
        assertThat(ended.exit()).isZero();
    }

    private static String found(List<String> blocks, String part) {
        return blocks.stream().filter(block -> block.contains(part)).findFirst().orElseThrow();
    }

    @Test
    void a_case_that_is_not_decided_as_expected_fails_and_says_why() throws IOException {
        Ended ended = decided("""
                device = "d-1"
                fleet = "f"
                [[case]]
                name = "fine"
                publish = "d/d-1/x"
                expect = "allow"
                [[case]]
                publish = "d/d-1/x"
                qos = 2
                retain = true
                expect = "allow"
                [[case]]
                publish = "d/d-1/x"
                expect = "deny"
                [[case]]
                publish = "d/d-1/x"
                expect = "allow"
                rule = 2
                [[case]]
                subscribe = "$share/g/s/oslo/#"
                expect = "allow"
                """);

        assertThat(ended.exit()).isEqualTo(Exit.FAILED);
        assertThat(ended.out())
                .doesNotContain("case 1 FAILED")
                .contains("case 2 FAILED: expected allow, and it is refused\n"
                        + "  rule 1 would allow it by \"d/${device}/#\", but QoS 2 is above its qosMax 1, and it allows no "
                        + "retained messages\n")
                .contains("case 3 FAILED: expected deny, and rule 1 allows it\n")
                .contains("case 4 FAILED: expected allow by rule 2, and rule 1 allows it\n")
                .contains("case 5 FAILED: expected allow, and it is refused\n"
                        + "  rule 2 would allow it by \"s/${attr.site}/#\", but attr.site has no value\n")
                .endsWith("5 cases, 4 failed\n");
    }

    @Test
    void cases_may_have_their_own_device_and_attributes() throws IOException {
        Ended ended = decided("""
                device = "d-1"
                fleet = "f"
                attributes = { site = "oslo" }
                [[case]]
                device = "d-2"
                publish = "d/d-2/x"
                expect = "allow"
                [[case]]
                attributes = { site = "rome" }
                subscribe = "s/oslo/#"
                shared = true
                expect = "deny"
                [[case]]
                subscribe = "s/oslo/#"
                shared = true
                expect = "allow"
                rule = 2
                [[case]]
                subscribe = "s/oslo/#"
                expect = "deny"
                """);

        assertThat(ended.out()).endsWith("4 cases, 0 failed\n");
        assertThat(ended.exit()).isZero();
    }

    @Test
    void all_that_is_wrong_with_a_policy_is_said_in_the_words_of_its_file() throws IOException {
        String file = write(
                "p.toml",
                "[[rule]]\npublish = [\"a\"]\n[[rule]]\npublish = [\"x/${site}/y\", \"a/#/b\"]\nqos-max = 1\n"
                        + "[[rule]]\nsubscribe = [\"a\"]\nqos-max = 3\n");
        Ended ended = check(file);

        assertThat(ended.exit()).isEqualTo(Exit.FAILED);
        assertThat(ended.out())
                .contains("error: " + file
                        + ": rule[1].publish[0] (rule 2): \"x/${site}/y\": no such variable; there are")
                .contains(
                        "error: " + file + ": rule[1].publish[1] (rule 2): \"a/#/b\": # stands only as the last level")
                .contains("error: " + file + ": rule[2].qos-max (rule 3): \"3\": must be 0, 1 or 2\n")
                .endsWith(file + " is not a policy\n");

        String json = write("p.json", "{\"rules\":[{\"subscribe\":[\"a\"],\"qosMax\":3}]}");
        assertThat(check(json).out()).contains(": rules[0].qosMax (rule 1): \"3\"");
    }

    @Test
    void a_warning_fails_only_when_asked_to() throws IOException {
        String file = write("p.toml", "[[rule]]\npublish = [\"a/#\"]\n[[rule]]\npublish = [\"a/b\"]\n");

        assertThat(check(file).exit()).isZero();
        assertThat(check(file).out())
                .startsWith("warning: " + file
                        + ": rule[1] (rule 2): allows nothing that rule 1 does not allow; it can go\n");
        assertThat(check(file, "--strict").exit()).isEqualTo(Exit.FAILED);
    }

    @Test
    void programs_get_one_object() throws IOException {
        String cases = "device = \"d-1\"\nfleet = \"f\"\n[[case]]\npublish = \"d/d-2/x\"\nexpect = \"allow\"\n";
        Ended ended = check(write("p.toml", POLICY), "--cases", write("c.toml", cases), "--json");

        assertThat(ended.exit()).isEqualTo(Exit.FAILED);
        JsonNode result = new ObjectMapper().readTree(ended.out());
        assertThat(result.path("valid").asBoolean()).isTrue();
        assertThat(result.path("failed").asInt()).isEqualTo(1);
        assertThat(result.path("cases").path(0).path("got").asText()).isEqualTo("deny");
        assertThat(result.path("cases").path(0).path("passed").asBoolean(true)).isFalse();
        assertThat(result.path("cases").path(0).path("whyNot").path(0).asText()).endsWith("but device is d-1");

        JsonNode wrong = new ObjectMapper()
                .readTree(check(write("w.toml", "[[rule]]\npublish = [\"+a\"]\n"), "--json")
                        .out());
        assertThat(wrong.path("valid").asBoolean(true)).isFalse();
        assertThat(wrong.path("errors").path(0).path("pointer").asText()).isEqualTo("#/rules/0/publish/0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "publish = 'a' \\n expect = 'maybe'                        | case[0].expect = maybe",
                "publish = 'a' \\n subscribe = 'a' \\n expect = 'deny'      | case[0].publish",
                "expect = 'deny'                                          | case[0].publish",
                "publish = 'a/#' \\n expect = 'deny'                       | case[0].publish = a/#",
                "subscribe = 'a/#/b' \\n expect = 'deny'                   | case[0].subscribe = a/#/b",
                "publish = 'a' \\n qos = 3 \\n expect = 'deny'              | case[0].qos = 3",
                "publish = 'a' \\n shared = true \\n expect = 'deny'        | case[0].shared",
                "subscribe = 'a' \\n retain = true \\n expect = 'deny'      | case[0].retain",
                "publish = 'a' \\n rule = 1 \\n expect = 'deny'             | case[0].rule",
                "publish = 'a' \\n device = 'a b' \\n expect = 'deny'       | case[0].device = a b",
                "publish = 'a' \\n attributes = {a = '+'} \\n expect = 'deny' | case[0].attributes",
                "publish = 'a' \\n expects = 'deny'                        | case[0].expects"
            })
    void a_case_that_makes_no_sense_is_a_mistake_in_the_file(String members, String named) throws IOException {
        Ended ended = decided("device = 'd-1'\nfleet = 'f'\n[[case]]\n" + members.replace("\\n", "\n") + "\n");

        assertThat(ended.exit()).as(ended.err()).isEqualTo(Exit.USAGE);
        assertThat(ended.err()).contains("c.toml: " + named);
    }

    @Test
    void a_file_that_cannot_be_read_is_not_taken_for_a_good_one() throws IOException {
        String good = write("p.toml", POLICY);

        assertThat(check(directory.resolve("none").toString()).exit()).isEqualTo(Exit.USAGE);
        assertThat(check(write("bad.toml", "[[rule]\n")).exit()).isEqualTo(Exit.USAGE);
        assertThat(check(good, "--cases", directory.resolve("none").toString()).exit())
                .isEqualTo(Exit.USAGE);
        assertThat(check(good, "--cases", write("empty.toml", "device = \"d\"\n"))
                        .err())
                .contains("no [[case]] in it");
        assertThat(check(good, "--cases", write("odd.toml", "devices = 1\n[[case]]\n"))
                        .exit())
                .isEqualTo(Exit.USAGE);
        assertThat(check(write("q.toml", "[[rule]]\npublish = [\"a\"]\nqosMax = 1\n"))
                        .err())
                .contains("rule[0].qosMax: in TOML it is written qos-max");
    }
}

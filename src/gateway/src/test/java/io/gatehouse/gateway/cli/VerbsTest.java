package io.gatehouse.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the verbs ask the service, what they print, and how they end. */
class VerbsTest {
    @TempDir
    Path directory;

    private FakeService service;
    private Map<String, String> environment;

    @BeforeEach
    void start() throws IOException {
        service = FakeService.start();
        environment = service.environment(directory);
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private Ended run(String... words) {
        return Ended.of(environment, "", words);
    }

    private static Ended run(Map<String, String> environment, String input, String... words) {
        return Ended.of(environment, input, words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "revolve",
                "fleet",
                "fleet create",
                "fleet create a b",
                "fleet set f",
                "fleet reissue f",
                "fleet set f --no-factory --factory-id common-name",
                "fleet set f --factory-anchors /no/such/file",
                "claim create --device d",
                "claim create --fleet f --uses many",
                "claim create --fleet f --secret-sha256 00 --out s",
                "pending approve",
                "claim create --fleet f --device d --ttl",
                "device revoke d --reason lost",
                "device revoke d --wait soon",
                "policy explain --device d",
                "policy explain --device d --publish a --subscribe b",
                "policy set f",
                "device list --limit many",
                "device import --ca x",
                "device import --ca /no/such.pem --certs .",
                "device import --csv a --certs b --ca c",
                "bench",
                "bench no-such-bench",
                "demo --devices 0",
                "demo --devices x"
            })
    void a_mistake_in_the_words_exits_with_2_and_asks_nobody(String line) {
        Ended ended = run(line.split(" "));
        assertThat(ended.exit()).as(ended.err()).isEqualTo(Exit.USAGE);
        assertThat(ended.err()).isNotBlank().doesNotContain("\tat ");
        assertThat(service.asked()).isEmpty();
    }

    @Test
    void a_fleet_is_ordered_to_renew_within_a_time_as_people_write_it() {
        service.on(
                "POST /api/v1/fleets/f/reissue",
                200,
                "{\"total\":9,\"done\":0,\"left\":9,\"until\":\"2026-11-23T20:00:00Z\"}");
        Ended ended = run("fleet", "reissue", "f", "--within", "6h");
        run("fleet", "reissue", "f", "--within", "PT90S");

        assertThat(ended.out()).isEqualTo("9 certificates of fleet f are to be renewed by 2026-11-23T20:00:00Z\n");
        assertThat(service.asked())
                .extracting(FakeService.Asked::body)
                .containsExactly("{\"within\":\"PT6H\"}", "{\"within\":\"PT90S\"}");
    }

    @Test
    void what_is_set_of_a_fleet_is_a_merge_patch_of_nothing_else() {
        service.on("PATCH /api/v1/fleets/f", 200, "{}");
        run(
                "fleet",
                "set",
                "f",
                "--keys",
                "P-384,Ed25519",
                "--expired-grace",
                "P7D",
                "--factory-anchors",
                "-",
                "--factory-id",
                "common-name",
                "--factory-accept-expired");
        run("fleet", "set", "f", "--no-factory");

        assertThat(service.asked())
                .extracting(FakeService.Asked::body)
                .containsExactly(
                        "{\"certificate\":{\"keys\":[\"P-384\",\"Ed25519\"]},\"enrollment\":{\"factory\":"
                                + "{\"anchors\":\"\",\"id\":\"commonName\",\"acceptExpired\":true},\"expiredGrace\":\"P7D\"}}",
                        "{\"enrollment\":{\"factory\":null}}");
    }

    @Test
    void sends_the_token_and_the_body_and_prints_the_answer_unchanged_with_json() {
        service.on("POST /api/v1/fleets", 201, "{\"name\":\"f\",  \"odd\": 1}");
        Ended ended = run(
                "fleet", "create", "f", "--kind", "application", "--lifetime", "P30D", "--sessions-max", "3", "--json");

        assertThat(ended).isEqualTo(new Ended(0, "{\"name\":\"f\",  \"odd\": 1}\n", ""));
        assertThat(service.asked())
                .containsExactly(new FakeService.Asked(
                        "POST /api/v1/fleets",
                        "Bearer " + FakeService.TOKEN,
                        "{\"name\":\"f\",\"kind\":\"application\",\"certificate\":{\"lifetime\":\"P30D\"},"
                                + "\"sessions\":{\"max\":3}}"));
    }

    @Test
    void follows_a_list_to_its_end_for_people_and_shows_one_page_to_programs() {
        service.on("GET /api/v1/devices?fleet=f&q=a%20b", 200, "{\"items\":[{\"id\":\"a b 1\"}],\"next\":\"c/1\"}");
        service.on(
                "GET /api/v1/devices?fleet=f&q=a%20b&after=c%2F1",
                200, "{\"items\":[{\"id\":\"a b 2\",\"fleet\":\"f\",\"state\":\"active\"}],\"next\":null}");

        assertThat(run("device", "list", "--fleet", "f", "--q", "a b").out())
                .contains("ID     FLEET  STATE\n")
                .contains("a b 1  -      -\n")
                .contains("a b 2  f      active\n");
        assertThat(run("device", "list", "--fleet", "f", "--q", "a b", "--json").out())
                .isEqualTo("{\"items\":[{\"id\":\"a b 1\"}],\"next\":\"c/1\"}\n");
    }

    @Test
    void tells_how_many_sessions_a_revocation_closed_where_and_how_fast() {
        service.on(
                "POST /api/v1/devices/d-1/revoke",
                200,
                "{\"device\":\"d-1\",\"sessions\":1,\"millis\":7,\"brokers\":[{\"broker\":\"b1\",\"state\":\"enforced\",\"sessions\":1,\"millis\":7}]}");
        Ended ended = run("device", "revoke", "d-1", "--reason", "key-compromise", "--wait", "500");

        assertThat(ended).isEqualTo(new Ended(0, "device d-1 is revoked: 1 session closed after 7 ms on b1\n", ""));
        assertThat(service.asked().get(0).body()).isEqualTo("{\"reason\":\"keyCompromise\",\"waitMillis\":500}");
    }

    @Test
    void names_the_broker_that_is_away_and_fails() {
        service.on(
                "POST /api/v1/devices/d-1/revoke",
                202,
                "{\"device\":\"d-1\",\"sessions\":0,\"millis\":2000,\"brokers\":[{\"broker\":\"b2\",\"state\":\"away\",\"sessions\":0}]}");
        Ended ended = run("device", "revoke", "d-1");

        assertThat(ended.exit()).isEqualTo(Exit.FAILED);
        assertThat(ended.err()).contains("broker b2 is away");
        assertThat(service.asked().get(0).body()).isEmpty();
    }

    @Test
    void writes_a_claims_secret_to_a_new_file_of_the_owner_and_does_not_show_it() throws IOException {
        service.on(
                "POST /api/v1/claims",
                201,
                "{\"id\":\"c1\",\"secret\":\"s3cr3t\",\"command\":\"gatehouse-agent enroll --claim-file -\"}");
        Path file = directory.resolve("secret");
        Ended ended = run("claim", "create", "--fleet", "f", "--device", "d", "--out", file.toString());

        assertThat(ended.exit()).isZero();
        assertThat(ended.out())
                .contains("gatehouse-agent enroll")
                .contains(file.toString())
                .doesNotContain("s3cr3t");
        assertThat(file).hasContent("s3cr3t");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");

        for (String unfit :
                List.of(file.toString(), directory.resolve("none/secret").toString())) {
            Ended refused = run("claim", "create", "--fleet", "f", "--device", "d", "--out", unfit);
            assertThat(refused.exit()).isEqualTo(Exit.FAILED);
        }
        assertThat(service.asked())
                .as("no claim was made whose secret would be lost")
                .hasSize(1);
    }

    @Test
    void shows_a_claims_secret_once_and_a_command_that_does_not_hold_it() {
        service.on(
                "POST /api/v1/claims",
                201,
                "{\"id\":\"c1\",\"secret\":\"s3cr3t\",\"command\":\"gatehouse-agent enroll --claim-file -\"}");
        assertThat(run("claim", "create", "--fleet", "f", "--device", "d").out())
                .containsOnlyOnce("s3cr3t");
    }

    @Test
    void translates_a_policy_of_people_into_that_of_the_api() throws IOException {
        service.on("PUT /api/v1/fleets/f/policy", 200, "{}");
        String toml = "[[rule]]\npublish = [\"devices/${device}/#\"]\nqos-max = 1\n\n[[rule]]\nsubscribe = [\"a\"]\n";
        String json = "{\"rules\":[{\"publish\":[\"devices/${device}/#\"],\"qosMax\":1},{\"subscribe\":[\"a\"]}]}";
        Path file = directory.resolve("policy.toml");
        Files.writeString(file, toml);

        assertThat(run("policy", "set", "f", file.toString()).exit()).isZero();
        assertThat(run(environment, toml, "policy", "set", "f", "-").exit()).isZero();
        assertThat(run(environment, json, "policy", "set", "f", "-").exit()).isZero();
        assertThat(service.asked()).extracting(FakeService.Asked::body).containsOnly(json);

        assertThat(run(environment, "[[rule]\n", "policy", "set", "f", "-").exit())
                .isEqualTo(Exit.USAGE);
        assertThat(run(environment, "rules = 1\n", "policy", "set", "f", "-").exit())
                .isEqualTo(Exit.USAGE);
        assertThat(run("policy", "set", "f", directory.resolve("none").toString())
                        .exit())
                .isEqualTo(Exit.USAGE);
    }

    @Test
    void a_policy_that_is_none_is_not_even_sent_and_one_that_is_odd_is_with_a_warning() {
        service.on("PUT /api/v1/fleets/f/policy", 200, "{}");
        Ended wrong = run(environment, "[[rule]]\npublish = [\"a/#/b\", \"+a\"]\n", "policy", "set", "f", "-");
        assertThat(wrong.exit()).isEqualTo(Exit.USAGE);
        assertThat(wrong.err())
                .contains("-: rule[0].publish[0] (rule 1): \"a/#/b\": # stands only as the last level")
                .contains("(and 1 more: gatehouse policy check lists them)");
        assertThat(run(
                                environment,
                                "[[rule]]\nsubscribe = [\"a\"]\nretain = \"only\"\n",
                                "fleet",
                                "create",
                                "g",
                                "--policy",
                                "-")
                        .err())
                .contains("-: rule[0].retain (rule 1): \"only\": narrows what is published");
        assertThat(service.asked()).isEmpty();

        Ended odd = run(environment, "[[rule]]\npublish = [\"a\", \"a\"]\n", "policy", "set", "f", "-");
        assertThat(odd.exit()).isZero();
        assertThat(odd.err()).startsWith("gatehouse: warning: -: rule[0].publish[1] (rule 1): \"a\": allows nothing");
        assertThat(service.asked()).hasSize(1);
    }

    @Test
    void explains_allow_and_deny_alike_with_0_and_names_the_rule() {
        service.on(
                "POST /api/v1/policy/explain",
                200,
                "{\"allowed\":true,\"fleet\":\"f\",\"number\":2,\"rule\":{\"publish\":[\"a/#\"],\"qosMax\":1},\"state\":\"suspended\"}");
        Ended allowed = run("policy", "explain", "--device", "d", "--publish", "a/b", "--qos", "1", "--retain");
        assertThat(allowed.exit()).isZero();
        assertThat(allowed.out())
                .startsWith("allowed by rule 2 of fleet f:\n[[rule]]\npublish = [\"a/#\"]\nqos-max = 1")
                .endsWith("note: the device d is suspended and cannot connect\n");
        assertThat(service.asked().get(0).body())
                .isEqualTo("{\"device\":\"d\",\"publish\":\"a/b\",\"qos\":1,\"retain\":true}");

        service.on(
                "POST /api/v1/policy/explain",
                200,
                "{\"allowed\":false,\"state\":\"active\",\"fleetState\":\"suspended\",\"whyNot\":[\"rule 1 lacks\"]}");
        Ended refused = run("policy", "explain", "--device", "d", "--subscribe", "#");
        assertThat(refused.exit()).isZero();
        assertThat(refused.out())
                .contains("topic-not-allowed")
                .endsWith("  rule 1 lacks\nnote: its fleet is suspended, so that it cannot connect\n");
        assertThat(service.asked().get(1).body()).isEqualTo("{\"device\":\"d\",\"subscribe\":\"#\"}");
    }

    @Test
    void a_refusal_is_one_line_with_the_word_and_the_code_of_its_kind() {
        Ended unknown = run("device", "show", "no such device");
        assertThat(unknown).isEqualTo(new Ended(1, "", "gatehouse: no such thing (not-found)\n"));
        assertThat(service.asked().get(0).line()).isEqualTo("GET /api/v1/devices/no%20such%20device");

        service.on(
                "POST /api/v1/fleets", 400, "{\"title\":\"Bad Request\",\"detail\":\"kind: device or application\"}");
        assertThat(run("fleet", "create", "f", "--kind", "x"))
                .isEqualTo(new Ended(2, "", "gatehouse: kind: device or application\n"));
    }

    @Test
    void the_answer_of_something_else_is_no_stack_trace() {
        service.on("GET /api/v1/fleets", 502, "<html>proxy</html>");
        assertThat(run("fleet", "list")).isEqualTo(new Ended(1, "", "gatehouse: HTTP status 502\n"));
    }

    @Test
    void the_audits_and_the_services_health_are_exit_codes() {
        service.on("POST /api/v1/audit/verify", 200, "{\"intact\":true,\"entries\":3}");
        assertThat(run("audit", "verify").exit()).isZero();
        service.on("POST /api/v1/audit/verify", 200, "{\"intact\":false,\"brokenAt\":2}");
        assertThat(run("audit", "verify").exit()).isEqualTo(Exit.FAILED);
        service.on("GET /api/v1/status", 200, "{\"healthy\":true}");
        assertThat(run("status").exit()).isZero();
        service.on("GET /api/v1/status", 200, "{\"healthy\":false}");
        assertThat(run("status").exit()).isEqualTo(Exit.FAILED);
    }

    @Test
    void what_comes_from_outside_cannot_command_the_terminal() {
        service.on("GET /api/v1/sessions", 200, "{\"items\":[{\"clientId\":\"a\\u001b[2Jb\"}]}");
        assertThat(run("session", "list").out()).contains("a?[2Jb").doesNotContain("\u001b");
    }

    @Test
    void an_id_stays_one_segment_of_the_path() {
        run("device", "show", "..");
        run("claim", "cancel", "a/../b");
        assertThat(service.asked())
                .extracting(FakeService.Asked::line)
                .containsExactly("GET /api/v1/devices/%2E%2E", "DELETE /api/v1/claims/a%2F..%2Fb");
        assertThat(run("device", "show", " ").exit()).isEqualTo(Exit.USAGE);
    }

    @Test
    void a_token_that_is_none_is_not_shown() {
        Map<String, String> wrong = Map.of(
                "GATEHOUSE_URL", environment.get("GATEHOUSE_URL"),
                "GATEHOUSE_CA", environment.get("GATEHOUSE_CA"),
                "GATEHOUSE_TOKEN", "s3cr3t\nX: y");
        Ended ended = run(wrong, "", "fleet", "list");
        assertThat(ended.exit()).isEqualTo(Exit.USAGE);
        assertThat(ended.err()).contains("GATEHOUSE_TOKEN").doesNotContain("s3cr3t");
    }

    @Test
    void nobody_there_exits_with_3() {
        service.close();
        Ended ended = run("fleet", "list");
        assertThat(ended.exit()).isEqualTo(Exit.UNREACHABLE);
        assertThat(ended.err()).contains(environment.get("GATEHOUSE_URL")).doesNotContain("\tat ");

        Ended nothing =
                run(Map.of(), "", "status", "--home", directory.resolve("none").toString());
        assertThat(nothing.exit()).isEqualTo(Exit.UNREACHABLE);
        assertThat(nothing.err()).contains("gatehouse up");
    }

    @Test
    void a_broker_that_poses_as_the_service_gets_no_token() throws IOException {
        try (FakeService taken = FakeService.start("spiffe://gatehouse.internal/broker/b1")) {
            taken.on("GET /api/v1/fleets", 200, "{\"items\":[]}");
            Ended ended = run(taken.environment(directory), "", "fleet", "list");
            assertThat(ended.exit()).isEqualTo(Exit.UNREACHABLE);
            assertThat(taken.asked()).isEmpty();
        }
    }

    @Test
    void a_wrong_environment_is_named() {
        String url = environment.get("GATEHOUSE_URL");
        String ca = environment.get("GATEHOUSE_CA");
        assertThat(run(Map.of("GATEHOUSE_URL", url), "", "fleet", "list"))
                .satisfies(ended -> assertThat(ended.exit()).isEqualTo(Exit.USAGE))
                .satisfies(ended -> assertThat(ended.err()).contains("GATEHOUSE_TOKEN"));
        assertThat(run(Map.of("GATEHOUSE_URL", url, "GATEHOUSE_TOKEN", "t"), "", "fleet", "list")
                        .err())
                .contains("GATEHOUSE_CA");
        assertThat(run(
                                Map.of("GATEHOUSE_URL", "http://a", "GATEHOUSE_TOKEN", "t", "GATEHOUSE_CA", ca),
                                "",
                                "fleet",
                                "list")
                        .err())
                .contains("GATEHOUSE_URL")
                .contains("https://HOST:PORT");
        assertThat(run(
                        Map.of("GATEHOUSE_URL", url, "GATEHOUSE_TOKEN", "s3cr3t", "GATEHOUSE_CA", "/none"),
                        "",
                        "fleet",
                        "list"))
                .satisfies(ended -> assertThat(ended.exit()).isEqualTo(Exit.USAGE))
                .satisfies(ended -> assertThat(ended.err()).contains("/none").doesNotContain("s3cr3t"));
    }
}

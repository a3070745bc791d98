package io.gatehouse.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.ca.Hierarchies;
import io.gatehouse.enrollment.config.ConfigFile;
import io.gatehouse.enrollment.config.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaVerbsTest {
    private static final String CA = """
            {"rootKeys":"away","authorities":[
             {"name":"devices","sha256":"aa","notAfter":"2031-01-01T00:00:00Z","state":"older","since":"2026-01-01T00:00:00Z",
              "live":7,"brokers":[{"broker":"b1","trusts":true}],
              "crl":{"url":"http://h/pki/crl/devices.crl","number":"5","entries":1,"thisUpdate":"t","nextUpdate":"n"}},
             {"name":"devices-2","sha256":"bb","notAfter":"2031-01-01T00:00:00Z","state":"issuing","live":1,"brokers":[]},
             {"name":"devices-3","sha256":"cc","notAfter":"2031-01-01T00:00:00Z","state":"announced","live":0,"brokers":[]}],
             "waiting":{"name":"devices-3","brokers":["b1","b2"]}}""";

    @TempDir
    private Path directory;

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

    @Test
    void show_names_what_is_waited_for_and_what_to_do_next() {
        service.on("GET /api/v1/ca", 200, CA);
        Ended shown = run("ca", "show");
        assertThat(shown.exit()).as(shown.err()).isZero();
        assertThat(shown.out())
                .contains("root keys: away")
                .contains("devices-3 waits until these brokers trust it: b1, b2")
                .contains("devices retires when its 7 live certificates")
                .contains("gatehouse fleet reissue FLEET --within 6h");
        assertThat(run("ca", "show", "--json").out().strip()).isEqualTo(CA);
    }

    @Test
    void crl_says_where_each_list_is() {
        service.on("GET /api/v1/ca", 200, CA);
        assertThat(run("ca", "crl").out()).contains("http://h/pki/crl/devices.crl");
    }

    @Test
    void take_over_and_retire_send_what_was_said() {
        service.on("POST /api/v1/ca/take-over", 200, CA).on("POST /api/v1/ca/devices/retire", 200, CA);
        run("ca", "take-over");
        run("ca", "take-over", "--without", "b1,b2");
        run("ca", "retire", "devices");
        run("ca", "retire", "devices", "--even-with-live");

        assertThat(service.asked())
                .extracting(FakeService.Asked::body)
                .containsExactly(
                        "{\"without\":[]}",
                        "{\"without\":[\"b1\",\"b2\"]}",
                        "{\"evenWithLive\":false}",
                        "{\"evenWithLive\":true}");
    }

    @Test
    void rotate_makes_the_next_ca_of_a_home_whose_service_does_not_run_and_says_what_comes_next() throws IOException {
        Path keys = directory.resolve("root-keys.pem");
        Home home = new Home(directory.resolve("home"));
        var config = ConfigFile.open(home, Map.of());
        Hierarchies.create(config, home, "correct horse".toCharArray(), InstantSource.system());
        Files.move(home.secrets().resolve("root-keys.pem"), keys);
        String[] rotate = {"ca", "rotate", "--home", home.toString(), "--unlock-file", "-"};

        Ended without = Ended.of(Map.of(), "correct horse\n", rotate);
        assertThat(without.exit()).isEqualTo(Exit.USAGE);
        assertThat(without.err()).contains("--root-key").doesNotContain("\tat ");

        Ended wrong = Ended.of(
                Map.of(), "correct horse\nwrong\n", with(rotate, "--root-key", keys, "--root-unlock-file", "-"));
        assertThat(wrong.exit()).isEqualTo(Exit.USAGE);
        assertThat(wrong.err()).contains("does not open the root keys").doesNotContain("wrong");

        Ended made = Ended.of(
                Map.of(),
                "correct horse\ncorrect horse\n",
                with(rotate, "--root-key", keys, "--root-unlock-file", "-"));
        assertThat(made.exit()).as(made.err()).isZero();
        assertThat(made.out()).contains("made devices-2  sha256:").contains("Restart the enrollment service");
        assertThat(made.out() + made.err()).doesNotContain("correct horse");
        assertThat(Hierarchies.open(config, home, "correct horse".toCharArray()).devicesCertificates())
                .hasSize(2);
    }

    private static String[] with(String[] words, Object... more) {
        String[] all = java.util.Arrays.copyOf(words, words.length + more.length);
        for (int i = 0; i < more.length; i++) {
            all[words.length + i] = more[i].toString();
        }
        return all;
    }

    private Ended run(String... words) {
        return Ended.of(environment, "", words);
    }
}

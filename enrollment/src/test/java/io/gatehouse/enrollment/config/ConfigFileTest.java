package io.gatehouse.enrollment.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {
    @TempDir
    Path directory;

    private Home home() {
        return new Home(directory.resolve("home"));
    }

    @Test
    void the_first_start_writes_a_file_that_documents_every_key_and_reads_back() throws IOException {
        ServiceConfig made = ConfigFile.open(home(), Map.of());

        assertThat(made).isEqualTo(ServiceConfig.defaults()).isEqualTo(ConfigFile.load(home()));
        String text = Files.readString(home().configFile());
        for (Setting<?> setting : Settings.ALL) {
            assertThat(text).containsPattern("(?m)^#?" + setting.key() + " = ");
            assertThat(setting.doc()).endsWith(".");
        }
    }

    @Test
    void what_is_written_has_its_name_on_the_disk_too() throws IOException {
        var fresh = home().root().resolve("gatehouse.toml.new");
        for (var options :
                List.of(Map.<Setting<?>, String>of(), Map.<Setting<?>, String>of(Settings.ENROLL_PORT, "9443"))) {
            assertThat(Flushes.below(directory, () -> ConfigFile.open(home(), options)))
                    .containsExactly(fresh, home().root());
        }
    }

    @Test
    void every_example_is_itself_allowed() {
        for (Setting<?> setting : Settings.ALL) {
            RawConfig raw = RawConfig.parse("example", setting.key() + " = " + setting.example());
            assertThat(raw.get(setting)).isPresent();
        }
    }

    @Test
    void port_0_becomes_a_free_port_that_is_kept() {
        Map<Setting<?>, String> any = Map.of(
                Settings.ENROLL_PORT, "0", Settings.ADMIN_PORT, "0", Settings.PKI_PORT, "0", Settings.MQTT_PORT, "0");
        ServiceConfig first = ConfigFile.open(home(), any);

        assertThat(first.ports()).doesNotContain(0).doesNotHaveDuplicates().hasSize(4);
        assertThat(ConfigFile.open(home(), any)).isEqualTo(first);
        assertThat(ConfigFile.open(home(), Map.of())).isEqualTo(first);
        assertThat(ConfigFile.load(home())).isEqualTo(first);
    }

    @Test
    void a_port_that_is_taken_is_not_free() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(FreePorts.isFree("127.0.0.1", taken.getLocalPort())).isFalse();
        }
    }

    @Test
    void an_option_is_kept_in_its_line_and_the_owners_other_lines_stay() throws IOException {
        ConfigFile.open(home(), Map.of());
        Files.writeString(home().configFile(), "# mine\nhost = [\"a.example\"] # and why\nmqtt-port = 1884\n");

        ServiceConfig changed = ConfigFile.open(
                home(), Map.of(Settings.MQTT_PORT, "1885", Settings.WSS_PORT, "1886", Settings.BIND, "0.0.0.0"));

        assertThat(changed.hosts()).containsExactly("a.example");
        assertThat(changed.mqttPort()).isEqualTo(1885);
        assertThat(changed.wssPort()).isEqualTo(OptionalInt.of(1886));
        assertThat(Files.readString(home().configFile()))
                .contains("# mine\nhost = [\"a.example\"] # and why\nmqtt-port = 1885\n")
                .contains("wss-port = 1886")
                .contains("bind = \"0.0.0.0\"");
        assertThat(ConfigFile.load(home())).isEqualTo(changed);
    }

    @Test
    void an_option_brings_its_commented_line_to_life() throws IOException {
        ConfigFile.open(home(), Map.of());
        ConfigFile.open(home(), Map.of(Settings.HOSTS, "Gate.Example.com,192.0.2.7,2001:db8::7"));

        assertThat(ConfigFile.load(home()).hosts()).containsExactly("gate.example.com", "192.0.2.7", "2001:db8::7");
        assertThat(Files.readString(home().configFile())).containsOnlyOnce("host = ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    mqtt-port = 70000               | mqtt-port
                    mqtt-port = "8883"              | mqtt-port
                    mqtt-port = -1                  | mqtt-port
                    mqtt-port = true                | mqtt-port
                    host = []                       | host
                    host = "a.example"              | host
                    host = ["a.example", 7]         | host
                    host = ["a.example:8443"]       | host
                    host = ["a.example","A.example"]| host
                    host = ["300.1.1.1"]            | host
                    host = ["https://a.example"]    | host
                    bind = "localhost"              | bind
                    bind = "999.0.0.1"              | bind
                    trust-domain = "Has Space"      | trust-domain
                    trust-domain = ""               | trust-domain
                    max-stale = "24h"               | max-stale
                    max-stale = "PT1S"              | max-stale
                    max-stale = "-PT24H"            | max-stale
                    broker-heap-megabytes = 1       | broker-heap-megabytes
                    mqtt-port = 8443                | *-port
                    mqttport = 8883                 | mqttport
                    [mqtt]                          | mqtt
                    """)
    void a_mistake_names_the_file_the_key_and_what_is_allowed(String toml, String key) throws IOException {
        home().create();
        Files.writeString(home().configFile(), toml + "\n");

        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> ConfigFile.load(home()));

        assertThat(refused).isNotNull();
        assertThat(refused.key()).isEqualTo(key);
        assertThat(refused).hasMessageContaining(home().configFile().toString()).hasMessageContaining(key);
        assertThat(refused.allowed()).isNotBlank();
    }

    @Test
    void what_is_no_toml_is_told_with_its_line() throws IOException {
        home().create();
        Files.writeString(home().configFile(), "mqtt-port = 8883\nbind = \n");

        assertThat(catchThrowableOfType(ConfigException.class, () -> ConfigFile.load(home())))
                .hasMessageContaining("not TOML in line 2");
    }

    @Test
    void a_missing_file_and_a_port_never_chosen_are_told() throws IOException {
        home().create();
        assertThat(catchThrowableOfType(ConfigException.class, () -> ConfigFile.load(home())))
                .hasMessageContaining("init");
        Files.writeString(home().configFile(), "pki-port = 0\n");
        assertThat(catchThrowableOfType(ConfigException.class, () -> ConfigFile.load(home()))
                        .allowed())
                .contains("init");
    }

    @Test
    void a_wrong_option_names_the_option() {
        ConfigException refused = catchThrowableOfType(
                ConfigException.class, () -> ConfigFile.open(home(), Map.of(Settings.PKI_PORT, "http")));

        assertThat(refused)
                .hasMessage(
                        "command line: --pki-port = http: allowed is a port from 1 to 65535, or 0 for any free one");
        assertThat(Files.exists(home().configFile())).isFalse();
    }

    @Test
    void secrets_and_data_are_the_owners_alone() throws IOException {
        home().create();
        for (Path directory : List.of(home().secrets(), home().data())) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void addresses_are_built_from_the_first_host() {
        ServiceConfig config = ConfigFile.open(home(), Map.of(Settings.HOSTS, "2001:db8::7,gate.example"));
        assertThat(List.of(
                        config.enrollUrl().toString(),
                        config.pkiUrl().toString(),
                        config.brokerUrl().toString()))
                .containsExactly(
                        "https://[2001:db8::7]:8443", "http://[2001:db8::7]:8080", "mqtts://[2001:db8::7]:8883");
    }

    @Test
    void callers_on_this_machine_reach_what_listens_everywhere_and_what_listens_on_one_address() {
        ServiceConfig config = ConfigFile.open(
                home(),
                Map.of(Settings.HOSTS, "gate.example", Settings.BIND, "0.0.0.0", Settings.ADMIN_BIND, "10.0.0.7"));
        assertThat(config.localEnrollUrl()).hasToString("https://127.0.0.1:8443");
        assertThat(config.localAdminUrl()).hasToString("https://10.0.0.7:8444");
        assertThat(config.certificateNames()).containsExactly("gate.example", "localhost", "127.0.0.1", "10.0.0.7");
    }

    @Test
    void no_port_is_chosen_on_an_address_of_another_machine() {
        ConfigException refused = catchThrowableOfType(
                ConfigException.class,
                () -> ConfigFile.open(home(), Map.of(Settings.BIND, "192.0.2.1", Settings.MQTT_PORT, "0")));
        assertThat(refused.key()).isEqualTo("bind");
    }
}

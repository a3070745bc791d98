package io.gatehouse.broker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.broker.counterexample.AllowAll;
import io.gatehouse.testkit.MutableClock;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationTest {
    private static final MutableClock CLOCK = MutableClock.at("2026-11-23T12:00:00Z");
    private static final String OURS = """
            <gatehouse>
              <broker>b1</broker>
              <trust-domain>gatehouse.internal</trust-domain>
              <service>https://one.example:8443</service>
              <service>https://[::1]:8443/</service>
              <max-stale>PT2H</max-stale>
            </gatehouse>
            """;
    private static final String LISTENER = """
            <hivemq><listeners><tls-tcp-listener><port>8883</port><tls>
              <keystore><path>conf/gatehouse/keystore.p12</path><password>${PASS}</password></keystore>
              <truststore><path>conf/gatehouse/truststore.p12</path><password>t</password></truststore>
              <client-authentication-mode>REQUIRED</client-authentication-mode>
            </tls></tls-tcp-listener></listeners></hivemq>
            """;

    @TempDir
    Path home;

    private ExtensionConfig ours(String xml) throws IOException, UnsafeConfigurationException {
        return new ExtensionConfigFile(Files.writeString(home.resolve("config.xml"), xml), CLOCK).read();
    }

    private HivemqConfig hivemq(String xml) throws IOException, UnsafeConfigurationException {
        Files.createDirectories(home.resolve("conf"));
        Files.writeString(home.resolve("conf/config.xml"), xml);
        return hivemq(Set.of(), Set.of(new HivemqConfig.Opened("tls-tcp-listener-8883", 8883)));
    }

    private HivemqConfig hivemq(Set<String> governed, Set<HivemqConfig.Opened> opened)
            throws UnsafeConfigurationException {
        return HivemqConfig.read(
                home,
                home.resolve("conf"),
                home.resolve("conf/gatehouse/truststore.p12"),
                governed,
                opened,
                name -> name.equals("PASS") ? "secret" : null);
    }

    @Test
    void reads_what_the_operator_wrote() throws Exception {
        var config = ours(OURS);
        assertThat(config.broker().value()).isEqualTo("b1");
        assertThat(config.services())
                .containsExactly(URI.create("https://one.example:8443"), URI.create("https://[::1]:8443"));
        assertThat(config.maxStale()).isEqualTo(Duration.ofHours(2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<broker>b1</broker>                       |                              | broker is missing",
                "<broker>b1</broker>                       | <broker>B 1</broker>         | <broker> is \"B 1\"",
                "<broker>b1</broker>                       | <broker>b1</broker><broker>b2</broker> | given twice",
                "<max-stale>PT2H</max-stale>               | <max-stale>2 h</max-stale>   | <max-stale> is \"2 h\"",
                "<max-stale>PT2H</max-stale>               | <max-stale>PT1S</max-stale>  | PT10S",
                "<max-stale>PT2H</max-stale>               | <max-stael>PT2H</max-stael>  | not a key",
                "https://one.example:8443                  | http://one.example:8443      | https://HOST:PORT",
                "https://one.example:8443                  | https://u:p@one.example      | https://HOST:PORT",
                "https://one.example:8443                  | https:opaque                 | https://HOST:PORT",
                "gatehouse.internal                        | Gatehouse.Internal           | <trust-domain>",
                "</gatehouse>                              | </gatehous>                  | not well-formed",
                "<gatehouse>                               | '<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><gatehouse>' | not well-formed",
            })
    void names_file_key_value_and_what_is_allowed(String what, String with, String said) {
        String xml = OURS.replace(what, with == null ? "" : with);
        assertThatThrownBy(() -> ours(xml))
                .isInstanceOf(UnsafeConfigurationException.class)
                .hasMessageContaining("config.xml")
                .hasMessageContaining(said)
                .hasMessageContaining("allowed: ");
    }

    @Test
    void reads_the_stores_of_hivemqs_listeners() throws Exception {
        var config = hivemq(LISTENER);
        assertThat(config.keystores()).hasSize(1);
        assertThat(config.keystores().get(0).password()).isEqualTo("secret");
        assertThat(config.keystores().toString()).doesNotContain("secret");
        assertThat(config.sessionExpirySeconds()).isEqualTo(HivemqConfig.NEVER);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "REQUIRED            | OPTIONAL         | client-authentication-mode is OPTIONAL",
                "REQUIRED            | ${NOBODY}        | client-authentication-mode is ${NOBODY}",
                "truststore          | trustshop        | truststore is missing",
                "gatehouse/truststore.p12 | other.p12   | truststore path",
                "tls-tcp-listener    | tcp-listener     | without TLS",
                "tls-tcp-listener    | websocket-listener | without TLS",
            })
    void lets_nobody_in_by_a_listener_that_lets_strangers_through(String what, String with, String said)
            throws Exception {
        String xml = LISTENER.replace("<port>", "<name>one</name><port>").replace(what, with);
        Files.createDirectories(home.resolve("conf"));
        Files.writeString(home.resolve("conf/config.xml"), xml);
        var config = hivemq(Set.of(), Set.of(new HivemqConfig.Opened("one", 8883)));
        assertThat(config.unsafe().get("one"))
                .contains(said)
                .contains("config.xml")
                .contains("allowed: ");
        assertThat(config.listeners()).isEmpty();
        assertThat(config.keystores()).isEmpty();
    }

    @Test
    void judges_the_governed_listeners_alone() throws Exception {
        String plain = "<tcp-listener><port>1883</port></tcp-listener></listeners>";
        Files.createDirectories(home.resolve("conf"));
        Files.writeString(home.resolve("conf/config.xml"), LISTENER.replace("</listeners>", plain));
        var opened = Set.of(
                new HivemqConfig.Opened("tls-tcp-listener-8883", 8883),
                new HivemqConfig.Opened("tcp-listener-1883", 1883));
        assertThat(hivemq(Set.of(), opened).unsafe()).containsOnlyKeys("tcp-listener-1883");
        assertThat(hivemq(Set.of("tls-tcp-listener-8883"), opened).unsafe()).isEmpty();
        assertThatThrownBy(() -> hivemq(Set.of("devices"), opened))
                .isInstanceOf(UnsafeConfigurationException.class)
                .hasMessageContaining("\"devices\" is missing")
                .hasMessageContaining("tcp-listener-1883");
    }

    @Test
    void names_listeners_as_hivemq_does() throws Exception {
        String second = LISTENER.substring(LISTENER.indexOf("<tls-tcp"), LISTENER.indexOf("</listeners>"))
                .replace("8883", "8884");
        String xml =
                LISTENER.replace("</listeners>", second + "</listeners>").replace("<port>", "<name>x</name><port>");
        Files.createDirectories(home.resolve("conf"));
        Files.writeString(home.resolve("conf/config.xml"), xml);
        var opened = Set.of(new HivemqConfig.Opened("x", 8883), new HivemqConfig.Opened("x-1", 8884));
        assertThat(hivemq(Set.of("x-1"), opened).listeners().get(0).getPort()).isEqualTo(8884);
    }

    @Test
    void refuses_a_file_that_is_not_the_one_hivemq_has_read() {
        assertThatThrownBy(() -> hivemq(LISTENER.replace("8883", "8884")))
                .isInstanceOf(UnsafeConfigurationException.class)
                .hasMessageContaining("those that HiveMQ says it has");
        assertThatThrownBy(() -> hivemq(LISTENER.replace("listeners", "listener")))
                .isInstanceOf(UnsafeConfigurationException.class)
                .hasMessageContaining("listeners is none");
    }

    @Test
    void looks_where_hivemq_does() {
        assertThat(HivemqFolders.config(home, name -> null, name -> null)).isEqualTo(home.resolve("conf"));
        assertThat(HivemqFolders.config(home, name -> null, name -> name.equals("HIVEMQ_CONFIG_FOLDER") ? "etc" : null))
                .isEqualTo(home.resolve("etc"));
        assertThat(HivemqFolders.config(
                        home, name -> name.equals("hivemq.config.folder") ? "/etc/hivemq" : null, name -> "etc"))
                .isEqualTo(Path.of("/etc/hivemq"));
    }

    @Test
    void observes_only_until_a_time_that_is_near() throws Exception {
        var until = ours(with("<mode>observe</mode><observe-until>2026-12-01</observe-until>"))
                .observeUntil();
        assertThat(until).contains(Instant.parse("2026-12-01T00:00:00Z"));
        assertThat(ours(with("<mode>observe</mode><observe-until>2026-11-23T11:00:00Z</observe-until>"))
                        .observeUntil())
                .isPresent();
        assertThat(ours(with("<mode>enforce</mode>")).observeUntil()).isEmpty();
        for (String wrong : List.of(
                "<mode>observe</mode>",
                "<observe-until>2026-12-01</observe-until>",
                "<mode>watch</mode>",
                "<mode>observe</mode><observe-until>2026-12-24</observe-until>",
                "<mode>observe</mode><observe-until>soon</observe-until>",
                "<metrics-port>0</metrics-port>",
                "<metrics-port>65536</metrics-port>",
                "<listener></listener>",
                "<listener>a</listener><listener>a</listener>")) {
            assertThatThrownBy(() -> ours(with(wrong)))
                    .as(wrong)
                    .isInstanceOf(UnsafeConfigurationException.class)
                    .hasMessageContaining("allowed: ");
        }
    }

    private static String with(String more) {
        return OURS.replace("</gatehouse>", more + "</gatehouse>");
    }

    @Test
    void refuses_when_hivemq_has_no_configuration_and_would_listen_in_the_clear() {
        assertThatThrownBy(() -> hivemq(Set.of(), Set.of()))
                .isInstanceOf(UnsafeConfigurationException.class)
                .hasMessageContaining("missing or not readable");
    }

    @Test
    void finds_another_extension_that_authenticates_unless_it_is_disabled() throws Exception {
        Path extensions = Files.createDirectories(home.resolve("extensions"));
        Path ours = Files.createDirectories(extensions.resolve("gatehouse"));
        Path other = Files.createDirectories(extensions.resolve("other"));
        Files.writeString(other.resolve("hivemq-extension.xml"), "<x/>");
        assertThat(OtherExtensions.authenticating(extensions, ours)).isEmpty();
        try (var jar = new JarOutputStream(Files.newOutputStream(other.resolve("other.jar")))) {
            jar.putNextEntry(new ZipEntry("AllowAll.class"));
            jar.write(AllowAll.class.getResourceAsStream("AllowAll.class").readAllBytes());
        }
        assertThat(OtherExtensions.authenticating(extensions, ours)).containsExactly(other.toAbsolutePath());
        assertThat(OtherExtensions.authenticating(extensions, other)).isEmpty();
        Files.createFile(other.resolve("DISABLED"));
        assertThat(OtherExtensions.authenticating(extensions, ours)).isEmpty();
    }

    @Test
    void takes_a_jar_that_cannot_be_read_for_one_that_authenticates() throws Exception {
        Path other = Files.createDirectories(home.resolve("extensions/other"));
        Files.writeString(other.resolve("hivemq-extension.xml"), "<x/>");
        Files.writeString(other.resolve("other.jar"), "not a jar");
        assertThat(OtherExtensions.authenticating(home.resolve("extensions"), home.resolve("extensions/gatehouse")))
                .isNotEmpty();
    }

    @Test
    void knows_whom_hivemq_may_ask_before_ours() throws Exception {
        String xml = "<hivemq-extension><priority>%s</priority></hivemq-extension>";
        for (String first : List.of("2147483647", "high")) {
            Files.writeString(home.resolve("hivemq-extension.xml"), xml.formatted(first));
            assertThat(OtherExtensions.isAskedBeforeOurs(home)).isTrue();
        }
        Files.writeString(home.resolve("hivemq-extension.xml"), xml.formatted("1000"));
        assertThat(OtherExtensions.isAskedBeforeOurs(home)).isFalse();
    }
}

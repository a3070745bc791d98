package io.gatehouse.broker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.broker.counterexample.AllowAll;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationTest {
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
        return new ExtensionConfigFile(Files.writeString(home.resolve("config.xml"), xml)).read();
    }

    private HivemqConfig hivemq(String xml) throws IOException, UnsafeConfigurationException {
        Files.createDirectories(home.resolve("conf"));
        Files.writeString(home.resolve("conf/config.xml"), xml);
        return HivemqConfig.read(
                home, home.resolve("conf/gatehouse/truststore.p12"), name -> name.equals("PASS") ? "secret" : null);
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
                "listeners           | listener         | listeners is none",
            })
    void refuses_listeners_that_let_strangers_in(String what, String with, String said) {
        assertThatThrownBy(() -> hivemq(LISTENER.replace(what, with)))
                .isInstanceOf(UnsafeConfigurationException.class)
                .hasMessageContaining(said);
    }

    @Test
    void refuses_a_second_listener_that_is_not_like_the_first() {
        String plain = "<tcp-listener><port>1883</port></tcp-listener></listeners>";
        assertThatThrownBy(() -> hivemq(LISTENER.replace("</listeners>", plain)))
                .isInstanceOf(UnsafeConfigurationException.class)
                .hasMessageContaining("tcp-listener on port 1883");
    }

    @Test
    void refuses_when_hivemq_has_no_configuration_and_would_listen_in_the_clear() {
        assertThatThrownBy(() -> HivemqConfig.read(home, home.resolve("t"), name -> null))
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
        assertThat(OtherExtensions.authenticating(extensions, ours)).contains(other.toAbsolutePath());
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
                .isPresent();
    }
}

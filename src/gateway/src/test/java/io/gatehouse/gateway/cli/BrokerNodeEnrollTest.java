package io.gatehouse.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatehouse.x509.Keys;
import io.gatehouse.x509.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerNodeEnrollTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String POST = "POST /api/v1/brokers";

    @TempDir
    private Path directory;

    private FakeService service;
    private Path hivemq;
    private Path node;

    @BeforeEach
    void start() throws IOException {
        service = FakeService.start();
        hivemq = directory.resolve("hivemq");
        node = hivemq.resolve("conf/gatehouse");
        SignedNode.unpack(hivemq);
        Files.writeString(hivemq.resolve("conf/config.xml"), """
                <?xml version="1.0" encoding="UTF-8"?>
                <hivemq>
                    <!-- a comment of the operator -->
                    <listeners>
                        <tcp-listener>
                            <port>1883</port>
                            <bind-address>0.0.0.0</bind-address>
                        </tcp-listener>
                    </listeners>
                    <anonymous-usage-statistics><enabled>false</enabled></anonymous-usage-statistics>
                </hivemq>
                """);
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void the_service_signs_keys_that_never_leave_the_node() throws Exception {
        Ended first = enroll("--host", "b2.example,192.0.2.2"); // the service answers 404 so far
        assertThat(first.exit()).isEqualTo(Exit.FAILED);
        assertThat(node.resolve("feed.key")).doesNotExist();
        JsonNode asked = JSON.readTree(service.asked().get(0).body());
        assertThat(service.asked().get(0).body()).doesNotContain("PRIVATE");
        assertThat(asked.path("names").toString()).isEqualTo("[\"b2.example\",\"192.0.2.2\"]");
        assertThat(asked.path("replace").asBoolean()).isFalse();

        service.on(POST, 201, SignedNode.answer(asked.toString()).toString());
        Ended second = enroll("--host", "b2.example,192.0.2.2");
        assertThat(second.exit()).as(second.err()).isZero();
        assertThat(JSON.readTree(service.asked().get(1).body()).path("feedRequest"))
                .as("the same key after an interruption")
                .isEqualTo(asked.path("feedRequest"));
        assertThat(node.resolve(".enroll")).doesNotExist();
        for (String file : List.of(
                "feed.key",
                "feed.pem",
                "server.key",
                "server.pem",
                "trust.pem",
                "config.xml",
                "keystore.p12",
                "truststore.p12",
                "listener.xml")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(node.resolve(file))))
                    .as(file)
                    .isEqualTo("rw-------");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(node)))
                .isEqualTo("rwx------");
        assertThat(Keys.match(
                        Pem.privateKey(Files.readString(node.resolve("feed.key"))),
                        Pem.certificates(Files.readString(node.resolve("feed.pem")))
                                .get(0)
                                .getPublicKey()))
                .isTrue();
        assertThat(Files.readString(node.resolve("config.xml")))
                .contains("<broker>b2</broker>")
                .contains("<service>https://gate.example:8443</service>")
                .contains("<max-stale>PT24H</max-stale>");
        char[] password = password(node.resolve("listener.xml"));
        assertThat(KeyStore.getInstance(node.resolve("keystore.p12").toFile(), password)
                        .getCertificateChain("server"))
                .hasSize(2);
        assertThat(second.out())
                .contains("b2.example")
                .contains("a plain listener on 1883")
                .contains(node.resolve("listener.xml").toString())
                .doesNotContain(new String(password));
    }

    @Test
    void the_listener_is_written_only_when_that_is_asked_for_and_the_former_file_is_kept() throws Exception {
        String before = Files.readString(hivemq.resolve("conf/config.xml"));
        answering();
        assertThat(enroll().exit()).isZero();
        assertThat(Files.readString(hivemq.resolve("conf/config.xml"))).isEqualTo(before);

        Ended written = enroll("--write-listener", "--mqtt-port", "8899");
        assertThat(written.exit()).as(written.err()).isZero();
        String config = Files.readString(hivemq.resolve("conf/config.xml"));
        assertThat(config)
                .contains("<port>8899</port>")
                .contains("REQUIRED")
                .contains("a comment of the operator")
                .contains("<anonymous-usage-statistics>")
                .doesNotContain("1883");
        assertThat(hivemq.resolve("conf/config.xml.before-enroll")).hasContent(before);
        KeyStore.getInstance(node.resolve("truststore.p12").toFile(), password(hivemq.resolve("conf/config.xml")));

        Ended again = enroll();
        assertThat(again.out()).doesNotContain("to do:");
        assertThat(Files.readString(hivemq.resolve("conf/config.xml"))).isEqualTo(config);
    }

    @Test
    void listeners_that_somebody_has_set_up_are_never_rewritten_and_nothing_is_asked_for() throws IOException {
        Path config = hivemq.resolve("conf/config.xml");
        Files.writeString(config, Files.readString(config).replace("1883", "1884"));
        answering();

        Ended refused = enroll("--write-listener");
        assertThat(refused.exit()).isEqualTo(Exit.USAGE);
        assertThat(refused.err()).contains(config.toString()).contains("tcp-listener on port 1884 has no TLS");
        assertThat(service.asked()).isEmpty();
        assertThat(node).doesNotExist();
        assertThat(enroll().out()).contains("tcp-listener on port 1884 has no TLS");
    }

    @Test
    void an_identity_in_use_is_kept_and_its_certificates_are_made_again_for_its_keys() throws Exception {
        answering();
        enroll("--host", "b2.example");
        String key = Files.readString(node.resolve("feed.key"));
        Files.writeString(node.resolve("config.xml"), "<gatehouse>of the operator</gatehouse>");

        Ended again = enroll("--host", "b2.example,more.example");
        assertThat(again.exit()).as(again.err()).isZero();
        assertThat(node.resolve("feed.key")).hasContent(key);
        assertThat(node.resolve("config.xml")).hasContent("<gatehouse>of the operator</gatehouse>");

        Ended other = run("broker-node", "enroll", "--name", "b3", "--hivemq-home", hivemq.toString());
        assertThat(other.exit()).isEqualTo(Exit.FAILED);
        assertThat(other.err()).contains("the identity of broker b2").contains("--force");
        assertThat(node.resolve("feed.key")).hasContent(key);

        Ended forced = enroll("--force");
        assertThat(forced.exit()).as(forced.err()).isZero();
        assertThat(Files.readString(node.resolve("feed.key"))).isNotEqualTo(key);
        assertThat(JSON.readTree(service.asked().get(service.asked().size() - 1).body())
                        .path("replace")
                        .asBoolean())
                .isTrue();
        assertThat(node.resolve("config.xml.before-enroll")).hasContent("<gatehouse>of the operator</gatehouse>");
    }

    @Test
    void a_taken_name_leaves_the_node_as_it_was_and_says_what_to_do() throws IOException {
        service.on(POST, 409, "{\"title\":\"t\",\"detail\":\"broker b2 is registered\",\"reason\":\"already-exists\"}");
        Ended refused = enroll();
        assertThat(refused.exit()).isEqualTo(Exit.FAILED);
        assertThat(refused.err()).contains("already-exists");
        try (Stream<Path> files = Files.list(node)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactly(".enroll");
        }
    }

    @Test
    void what_is_missing_or_in_the_way_is_named_with_the_remedy() throws IOException {
        answering();
        Files.createDirectories(hivemq.resolve("extensions/hivemq-allow-all-extension"));
        Files.writeString(hivemq.resolve("extensions/hivemq-allow-all-extension/hivemq-extension.xml"), "<x/>");
        Files.createFile(hivemq.resolve("extensions/gatehouse/DISABLED"));
        assertThat(enroll().out())
                .contains("remove " + hivemq.resolve("extensions/hivemq-allow-all-extension"))
                .contains("remove " + hivemq.resolve("extensions/gatehouse/DISABLED"));

        Files.delete(hivemq.resolve("extensions/gatehouse/hivemq-extension.xml"));
        Ended without = enroll();
        assertThat(without.exit()).isEqualTo(Exit.USAGE);
        assertThat(without.err()).contains("unzip gatehouse-broker-extension-");
        for (List<String> bad : List.of(
                List.of("--name", "B 2"),
                List.of("--mqtt-port", "70000"),
                List.of("--service", "http://gate.example:8443"),
                List.of("--service", "https://gate.example"))) {
            Ended ended = run(Stream.concat(
                            Stream.of("broker-node", "enroll", "--hivemq-home", hivemq.toString()),
                            Stream.concat(
                                    bad.get(0).equals("--name") ? Stream.of() : Stream.of("--name", "b2"),
                                    bad.stream()))
                    .toArray(String[]::new));
            assertThat(ended.exit()).as(bad + ended.err()).isEqualTo(Exit.USAGE);
            assertThat(ended.err()).contains(bad.get(0)).contains(bad.get(1));
        }
    }

    /** Signs whatever it is asked for, from now on: each request is read from the one before it. */
    private void answering() {
        service.answering(POST, 201, body -> SignedNode.answer(body).toString());
    }

    private static char[] password(Path file) throws IOException {
        var found = Pattern.compile("<password>([^<]+)</password>").matcher(Files.readString(file));
        assertThat(found.find()).isTrue();
        return found.group(1).toCharArray();
    }

    private Ended enroll(String... more) throws IOException {
        return run(Stream.concat(
                        Stream.of("broker-node", "enroll", "--name", "b2", "--hivemq-home", hivemq.toString()),
                        Stream.of(more))
                .toArray(String[]::new));
    }

    private Ended run(String... words) throws IOException {
        return Ended.of(service.environment(directory), "", words);
    }
}

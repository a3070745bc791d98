package io.gatehouse.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatehouse.testkit.TestAuthority;
import io.gatehouse.x509.Pem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run of {@code broker-node enroll} that fails leaves behind. */
class BrokerNodeFailureTest {
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
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void an_answer_that_cannot_be_used_leaves_the_identity_in_use_and_a_repetition_succeeds() throws IOException {
        enrolled("b2");
        Files.createDirectories(hivemq.resolve("data/gatehouse"));
        Map<String, String> before = inUse();
        Map<String, Consumer<ObjectNode>> wrongs = new LinkedHashMap<>();
        wrongs.put("feedCertificate", answer -> answer.set("feedCertificate", answer.get("serverCertificate")));
        wrongs.put("serverCertificate", answer -> answer.put("serverCertificate", "not PEM"));
        wrongs.put("trust ", answer -> answer.put("trust", "garbage"));
        wrongs.put(
                "leads to the trust",
                answer -> answer.put(
                        "trust", Pem.write(TestAuthority.root("services root").certificate())));
        wrongs.put("devicesCas", answer -> answer.put("devicesCas", ""));
        wrongs.put("trustDomain", answer -> answer.put("trustDomain", "Not A Domain"));
        wrongs.put("a certificate for spiffe://other.example", answer -> answer.put("trustDomain", "other.example"));
        wrongs.put("services", answer -> answer.putArray("services").add("http://gate.example"));
        wrongs.put("services must be at least one", answer -> answer.remove("services"));
        wrongs.put("maxStale", answer -> answer.put("maxStale", "for ever"));

        wrongs.forEach((said, wrong) -> {
            service.answering(POST, 201, body -> {
                ObjectNode answer = SignedNode.answer(body);
                wrong.accept(answer);
                return answer.toString();
            });
            Ended failed = enroll("b2", "--force");
            assertThat(failed.exit()).as(said + failed.err()).isEqualTo(Exit.FAILED);
            assertThat(failed.err()).contains("the service's answer").contains(said);
            assertThat(inUse()).as(said).isEqualTo(before);
        });
        assertThat(hivemq.resolve("data/gatehouse")).exists();

        answering();
        assertThat(enroll("b2", "--force").exit()).isZero();
        assertThat(inUse().get("feed.key")).isNotEqualTo(before.get("feed.key"));
        assertThat(node.resolve(".enroll")).doesNotExist();
    }

    private void enrolled(String name) {
        answering();
        Ended ended = enroll(name);
        assertThat(ended.exit()).as(ended.err()).isZero();
    }

    private void answering() {
        service.answering(POST, 201, body -> SignedNode.answer(body).toString());
    }

    /** Every file that the extension and HiveMQ read, but not the keys that wait. */
    private Map<String, String> inUse() {
        Map<String, String> files = new TreeMap<>();
        for (String name : List.of(
                "feed.key",
                "feed.pem",
                "server.key",
                "server.pem",
                "trust.pem",
                "config.xml",
                "keystore.p12",
                "truststore.p12",
                "listener.xml")) {
            files.put(name, SignedNode.fingerprint(node.resolve(name)));
        }
        return files;
    }

    private Ended enroll(String name, String... more) {
        try {
            return Ended.of(
                    service.environment(directory),
                    "",
                    Stream.concat(
                                    Stream.of(
                                            "broker-node",
                                            "enroll",
                                            "--name",
                                            name,
                                            "--hivemq-home",
                                            hivemq.toString()),
                                    Stream.of(more))
                            .toArray(String[]::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

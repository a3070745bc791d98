package io.gatehouse.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatehouse.testkit.TestAuthority;
import io.gatehouse.x509.Pem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
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
        wrongs.put("maxStale", answer -> answer.put("maxStale", "for ever"));
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

        wrongs.forEach((said, wrong) -> {
            service.answering(POST, 201, body -> {
                ObjectNode answer = SignedNode.answer(body);
                wrong.accept(answer);
                return answer.toString();
            });
            Ended failed = enroll("b2", "--force");
            assertThat(failed.exit()).as(said + failed.err()).isEqualTo(Exit.FAILED);
            assertThat(inUse()).as(said).isEqualTo(before);
            assertThat(failed.err()).contains("the service's answer").contains(said);
        });
        assertThat(hivemq.resolve("data/gatehouse")).exists();

        answering();
        assertThat(enroll("b2", "--force").exit()).isZero();
        assertThat(inUse().get("feed.key")).isNotEqualTo(before.get("feed.key"));
        assertThat(node.resolve(".enroll")).doesNotExist();
    }

    @Test
    void a_forced_run_that_the_service_did_not_carry_out_stands_in_the_way_of_nothing() throws IOException {
        enrolled("b2");
        Map<String, String> before = inUse();
        service.on(POST, 503, "{}");
        assertThat(enroll("b2", "--force").exit()).isEqualTo(Exit.FAILED);
        assertThat(inUse()).isEqualTo(before);

        knowing(orders().get(0));
        Ended again = enroll("b2");
        assertThat(again.exit()).as(again.err()).isZero();
        assertThat(inUse()).containsEntry("feed.key", before.get("feed.key"));
        assertThat(orders()).hasSize(3);
        assertThat(node.resolve(".enroll")).doesNotExist();
    }

    @Test
    void a_forced_run_that_the_service_carried_out_is_finished_by_either_command() throws IOException {
        for (String[] more : new String[][] {{}, {"--force"}}) {
            enrolled("b2");
            Map<String, String> before = inUse();
            service.on(POST, 201, "{}"); // what it made never came
            assertThat(enroll("b2", "--force").exit()).isEqualTo(Exit.FAILED);
            assertThat(inUse()).isEqualTo(before);
            String lost = orders().get(orders().size() - 1);

            knowing(lost);
            Ended again = enroll("b2", more);
            assertThat(again.exit()).as(again.err()).isZero();
            assertThat(inUse().get("feed.key")).isNotEqualTo(before.get("feed.key"));
            assertThat(feedKey(orders().get(orders().size() - 1))).isEqualTo(feedKey(lost));
            assertThat(node.resolve(".enroll")).doesNotExist();
        }
    }

    @Test
    void an_identity_of_another_name_stays_though_keys_of_a_forced_run_wait() {
        enrolled("b2");
        Map<String, String> before = inUse();
        service.on(POST, 503, "{}");
        enroll("b3", "--force");

        answering();
        Ended refused = enroll("b3");
        assertThat(refused.exit()).isEqualTo(Exit.FAILED);
        assertThat(refused.err()).contains("the identity of broker b2").contains("--force");
        assertThat(inUse()).isEqualTo(before);
        assertThat(enroll("b3", "--force").exit()).isZero();
    }

    @Test
    void a_run_that_ended_between_the_two_keys_is_finished_with_the_same_ones() throws IOException {
        service.on(POST, 503, "{}");
        enroll("b2");
        Files.copy(node.resolve(".enroll/feed.key"), node.resolve("feed.key"));

        knowing(orders().get(0));
        Ended again = enroll("b2");
        assertThat(again.exit()).as(again.err()).isZero();
        assertThat(inUse()).doesNotContainValue("");
    }

    @Test
    void keys_that_were_half_removed_stand_in_the_way_of_nothing() throws IOException {
        service.on(POST, 503, "{}");
        enroll("b2");
        Files.delete(node.resolve(".enroll/server.key"));

        enrolled("b2");
        assertThat(node.resolve(".enroll")).doesNotExist();
    }

    @Test
    void force_makes_new_keys_though_those_in_use_still_wait() throws IOException {
        service.on(POST, 503, "{}");
        enroll("b2");
        for (String key : List.of("feed.key", "server.key")) {
            Files.copy(node.resolve(".enroll").resolve(key), node.resolve(key));
        }
        answering();
        assertThat(enroll("b2", "--force").exit()).isZero();
        assertThat(feedKey(orders().get(1))).isNotEqualTo(feedKey(orders().get(0)));
    }

    private void enrolled(String name) {
        answering();
        Ended ended = enroll(name);
        assertThat(ended.exit()).as(ended.err()).isZero();
    }

    private void answering() {
        service.answering(POST, 201, body -> SignedNode.answer(body).toString());
    }

    /** As the service does that has registered the node with the feed key of this order: a registered name is another's to another key. */
    private void knowing(String order) {
        service.deciding(
                POST,
                asked -> feedKey(asked).equals(feedKey(order))
                                || SignedNode.read(asked).path("replace").asBoolean()
                        ? new FakeService.Said(201, SignedNode.answer(asked).toString())
                        : new FakeService.Said(
                                409, "{\"title\":\"t\",\"detail\":\"registered\",\"reason\":\"already-exists\"}"));
    }

    private List<String> orders() {
        return service.asked().stream().map(FakeService.Asked::body).toList();
    }

    /** The key, told by a request that is signed anew each time. */
    private static PublicKey feedKey(String order) {
        return SignedNode.key(SignedNode.read(order), "feedRequest");
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

package io.gatehouse.gateway.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.TestAuthority;
import io.gatehouse.x509.Pem;
import io.gatehouse.x509.Pkcs10Request;
import io.gatehouse.x509.der.MalformedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.List;

/** What a service with authorities of its own answers to the order of a node, and the folder of a HiveMQ that becomes one. */
final class SignedNode {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TestAuthority ROOT = TestAuthority.root("services root");

    private SignedNode() {}

    /** A HiveMQ without a configuration, with our extension. */
    static void unpack(Path hivemq) throws IOException {
        Files.createDirectories(hivemq.resolve("conf"));
        Files.createDirectories(hivemq.resolve("extensions/gatehouse"));
        Files.writeString(hivemq.resolve("extensions/gatehouse/hivemq-extension.xml"), "<hivemq-extension/>");
    }

    static String fingerprint(Path file) {
        try {
            return Fingerprint.sha256(Files.readAllBytes(file)).hex();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ObjectNode answer(String order) {
        JsonNode asked = read(order);
        TestAuthority ca = ROOT.servicesCa();
        String broker = "spiffe://" + TestAuthority.TRUST_DOMAIN + "/broker/"
                + asked.path("name").asText();
        HeldCertificate feed = ca.device(
                "feed",
                certificate -> certificate
                        .key(new KeyPair(key(asked, "feedRequest"), null))
                        .noNames()
                        .uri(broker));
        HeldCertificate server = ca.server(certificate -> {
            certificate
                    .key(new KeyPair(key(asked, "serverRequest"), null))
                    .noNames()
                    .uri(broker);
            asked.path("names").forEach(name -> certificate.host(name.asText()));
        });
        ObjectNode answer = JSON.createObjectNode();
        answer.put("name", asked.path("name").asText());
        answer.set("names", asked.path("names"));
        answer.put("feedCertificate", Pem.write(List.of(feed.certificate(), ca.certificate())));
        answer.put("serverCertificate", Pem.write(List.of(server.certificate(), ca.certificate())));
        answer.put("trust", Pem.write(ROOT.certificate()));
        answer.put("devicesCas", Pem.write(TestAuthority.root("devices root").certificate()));
        answer.put("trustDomain", TestAuthority.TRUST_DOMAIN);
        answer.putArray("services").add("https://gate.example:8443");
        answer.put("maxStale", "PT24H");
        return answer;
    }

    static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(json, e);
        }
    }

    /** The key in the request that is this member of an order. */
    static PublicKey key(JsonNode asked, String member) {
        try {
            byte[] der = Pem.blocks(asked.path(member).asText()).get(0).der();
            return Pkcs10Request.parse(der).orThrow().key().publicKey();
        } catch (MalformedException e) {
            throw new IllegalStateException(e);
        }
    }
}

package io.gatehouse.systemtests.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.gatehouse.systemtests.Repository;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The manifests of {@code relying-parties.md}, which nobody ran: every field that they use is one of the schema, with a value that it takes, and
 * none that the schema demands is missing. The rows are copied from the references that the page names, as they were in November 2026.
 */
class ManifestsTest {
    private static final String PAGE = "src/docs/operate/relying-parties.md";
    private static final String DURATION = "([0-9]+(h|m|s))+";
    private static final String NAME = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final String HOST = "[a-z0-9.-]+";
    private static final String PATH = "/[A-Za-z0-9./-]+";

    /** Path (with [] for list members) to the regular expression of its values; those that end in ! must be there. */
    private static Map<String, String> common() {
        Map<String, String> rows = new LinkedHashMap<>();
        rows.put("metadata.name!", NAME);
        rows.put("metadata.namespace", NAME);
        return rows;
    }

    private static Map<String, String> gateway() {
        Map<String, String> rows = common();
        rows.put("apiVersion!", "networking\\.istio\\.io/(v1|v1beta1|v1alpha3)");
        rows.put("kind!", "Gateway");
        rows.put("spec.selector.istio!", NAME);
        rows.put("spec.servers[].port.number!", "[0-9]+");
        rows.put("spec.servers[].port.name!", NAME);
        rows.put("spec.servers[].port.protocol!", "HTTP|HTTPS|GRPC|HTTP2|MONGO|TCP|TLS");
        rows.put("spec.servers[].hosts[]!", HOST);
        rows.put("spec.servers[].tls.mode!", "MUTUAL");
        rows.put("spec.servers[].tls.credentialName!", NAME);
        rows.put("spec.servers[].tls.minProtocolVersion", "TLS_AUTO|TLSV1_0|TLSV1_1|TLSV1_2|TLSV1_3");
        return rows;
    }

    private static Map<String, String> secret() {
        Map<String, String> rows = common();
        rows.put("apiVersion!", "v1");
        rows.put("kind!", "Secret");
        rows.put("type", "Opaque");
        rows.put("stringData.ca.crt!", "the content of devices\\.pem");
        rows.put("stringData.ca.crl!", "the content of crls\\.pem");
        return rows;
    }

    private static Map<String, String> certificate() {
        Map<String, String> rows = common();
        rows.put("apiVersion!", "cert-manager\\.io/v1");
        rows.put("kind!", "Certificate");
        rows.put("spec.secretName!", NAME);
        rows.put("spec.dnsNames[]!", HOST);
        rows.put("spec.duration", DURATION);
        rows.put("spec.renewBefore", DURATION);
        rows.put(
                "spec.usages[]",
                "signing|digital signature|content commitment|key encipherment|key agreement|data encipherment|cert sign"
                        + "|crl sign|encipher only|decipher only|any|server auth|client auth|code signing"
                        + "|email protection|s/mime|ipsec end system|ipsec tunnel|ipsec user|timestamping|ocsp signing"
                        + "|microsoft sgc|netscape sgc");
        rows.put("spec.privateKey.algorithm", "RSA|ECDSA|Ed25519");
        rows.put("spec.privateKey.size", "256|384|521|2048|4096|8192");
        rows.put("spec.privateKey.rotationPolicy", "Never|Always");
        rows.put("spec.issuerRef.name!", NAME);
        rows.put("spec.issuerRef.kind", "Issuer|ClusterIssuer");
        rows.put("spec.issuerRef.group", "cert-manager\\.io");
        return rows;
    }

    private static Map<String, String> envoy() {
        String context = "typed_config.common_tls_context.";
        String type =
                "type\\.googleapis\\.com/envoy\\.extensions\\.transport_sockets\\.tls\\.v3\\.DownstreamTlsContext";
        Map<String, String> rows = new LinkedHashMap<>();
        rows.put("name!", "envoy\\.transport_sockets\\.tls");
        rows.put("typed_config.@type!", type);
        rows.put("typed_config.require_client_certificate!", "true");
        rows.put("typed_config.disable_stateless_session_resumption", "true|false");
        rows.put(context + "tls_certificates[].certificate_chain.filename!", PATH);
        rows.put(context + "tls_certificates[].private_key.filename!", PATH);
        rows.put(context + "validation_context.trusted_ca.filename!", PATH);
        rows.put(context + "validation_context.crl.filename!", PATH);
        String names = context + "validation_context.match_typed_subject_alt_names[].";
        rows.put(names + "san_type!", "EMAIL|DNS|URI|IP_ADDRESS|OTHER_NAME");
        rows.put(names + "matcher.prefix!", "spiffe://[a-z.]+/device/");
        return rows;
    }

    @Test
    void every_field_is_one_of_the_schema() throws IOException {
        Map<String, Map<String, String>> schemas = new TreeMap<>(
                Map.of("Gateway", gateway(), "Secret", secret(), "Certificate", certificate(), "envoy", envoy()));
        List<JsonNode> manifests = manifests();
        assertThat(manifests).hasSize(schemas.size());
        for (JsonNode manifest : manifests) {
            String kind = manifest.path("kind").asText("envoy");
            assertThat(schemas).containsKey(kind);
            assertThat(faults(manifest, schemas.remove(kind))).as(kind).isEmpty();
        }
    }

    @Test
    void the_parts_name_each_other() throws IOException {
        List<JsonNode> all = manifests();
        String credential =
                named(all, "Gateway").at("/spec/servers/0/tls/credentialName").asText();
        assertThat(named(all, "Certificate").at("/spec/secretName").asText()).isEqualTo(credential);
        assertThat(named(all, "Secret").at("/metadata/name").asText()).isEqualTo(credential + "-cacert");
        assertThat(named(all, "Certificate").at("/spec/dnsNames"))
                .isEqualTo(named(all, "Gateway").at("/spec/servers/0/hosts"));
    }

    @Test
    void a_field_that_is_not_in_the_schema_is_seen() throws IOException {
        JsonNode wrong = new YAMLMapper().readTree("""
                        apiVersion: v1
                        kind: Secret
                        metadata: {name: x}
                        stringData: {ca.crt: the content of devices.pem, crl: the content of crls.pem}
                        """);
        assertThat(faults(wrong, secret())).hasSize(2);
    }

    private static JsonNode named(List<JsonNode> all, String kind) {
        return all.stream()
                .filter(each -> each.path("kind").asText().equals(kind))
                .findFirst()
                .orElseThrow();
    }

    private static List<JsonNode> manifests() throws IOException {
        List<JsonNode> manifests = new ArrayList<>();
        Matcher block = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL).matcher(Repository.read(PAGE));
        while (block.find()) {
            manifests.add(new YAMLMapper().readTree(block.group(1)));
        }
        return manifests;
    }

    private static List<String> faults(JsonNode manifest, Map<String, String> schema) {
        Map<String, List<String>> found = new TreeMap<>();
        collect("", manifest, found);
        List<String> faults = new ArrayList<>();
        found.forEach((path, values) -> {
            String rule = schema.getOrDefault(path, schema.get(path + "!"));
            if (rule == null) {
                faults.add("not in the schema: " + path);
            } else {
                values.stream().filter(value -> !value.matches(rule)).forEach(value -> faults.add(path + ": " + value));
            }
        });
        schema.keySet().stream()
                .filter(path -> path.endsWith("!"))
                .map(path -> path.substring(0, path.length() - 1))
                .filter(path -> !found.containsKey(path))
                .forEach(path -> faults.add("missing: " + path));
        return faults;
    }

    private static void collect(String path, JsonNode node, Map<String, List<String>> found) {
        if (node.isObject()) {
            node.fields()
                    .forEachRemaining(field -> collect(
                            path.isEmpty() ? field.getKey() : path + "." + field.getKey(), field.getValue(), found));
        } else if (node.isArray()) {
            node.forEach(member -> collect(path + "[]", member, found));
        } else {
            found.computeIfAbsent(path, unused -> new ArrayList<>()).add(node.asText());
        }
    }
}

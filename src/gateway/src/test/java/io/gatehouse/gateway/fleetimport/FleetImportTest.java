package io.gatehouse.gateway.fleetimport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatehouse.enrollment.config.ConfigException;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.TestAuthority;
import io.gatehouse.x509.Certificates;
import io.gatehouse.x509.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetImportTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TestAuthority FOREIGN = TestAuthority.root("Old fleet root");

    @TempDir
    Path directory;

    private final List<JsonNode> asked = new ArrayList<>();
    private Set<String> unwanted = Set.of();

    @Test
    void a_csv_gives_ids_fleets_attributes_and_certificates_by_file_or_by_value() throws IOException {
        HeldCertificate one = FOREIGN.device("a");
        HeldCertificate two = FOREIGN.device("b");
        Files.writeString(directory.resolve("one.pem"), Pem.write(one.chain()));
        Path csv = csv(
                "\ufeffdevice,fleet,site,certificate,der,sha256",
                "d-1,,\"Hall 3, north\",one.pem,," + one.sha256().toUpperCase(java.util.Locale.ROOT),
                "",
                "d-2,valves,,," + base64(two) + ",");
        ImportReport report = run(new CsvSource(csv), Optional.empty(), false);
        assertThat(report.refused()).isEmpty();
        assertThat(report.imported()).isEqualTo(2);
        JsonNode devices = asked.get(1).path("devices");
        assertThat(devices.path(0).path("device").asText()).isEqualTo("d-1");
        assertThat(devices.path(0).has("fleet")).isFalse();
        assertThat(devices.path(0).path("attributes").path("site").asText()).isEqualTo("Hall 3, north");
        assertThat(devices.path(0).path("certificate").asText()).isEqualTo(base64(one));
        assertThat(devices.path(1).path("fleet").asText()).isEqualTo("valves");
        assertThat(devices.path(1).has("attributes")).isFalse();
    }

    @Test
    void all_is_checked_before_anything_is_imported() throws IOException {
        unwanted = Set.of("d-150");
        ImportReport report = run(new CsvSource(many(250)), Optional.empty(), false);
        assertThat(asked).hasSize(3).allMatch(order -> order.path("dryRun").asBoolean());
        assertThat(report.isDone()).isFalse();
        assertThat(report.refused()).singleElement().satisfies(refused -> {
            assertThat(refused.place()).as("line 1 names the columns").endsWith("fleet.csv:152");
            assertThat(refused.device()).isEqualTo("d-150");
            assertThat(refused.fault().reason()).isEqualTo("expired");
        });
    }

    @Test
    void a_partial_import_leaves_out_what_was_refused_and_does_the_rest_in_batches() throws IOException {
        unwanted = Set.of("d-150");
        ImportReport report = run(new CsvSource(many(250)), Optional.empty(), true);
        assertThat(report.isDone()).isTrue();
        assertThat(report.imported()).isEqualTo(249);
        assertThat(report.refusedRows()).isEqualTo(1);
        List<JsonNode> real = asked.stream()
                .filter(order -> !order.path("dryRun").asBoolean())
                .toList();
        assertThat(real).hasSize(3).allMatch(order -> order.path("devices").size() <= 100);
        assertThat(real.toString()).doesNotContain("\"d-150\"");
    }

    @Test
    void an_id_and_a_key_that_come_twice_are_found_across_the_whole_file() throws IOException {
        HeldCertificate first = FOREIGN.device("a");
        HeldCertificate sameKey = FOREIGN.device("b", order -> order.key(first.key()));
        Path csv = csv(
                "device,der", "d-1," + base64(first), "D-1," + base64(FOREIGN.device("c")), "d-3," + base64(sameKey));
        ImportReport report = run(new CsvSource(csv), Optional.empty(), false);
        assertThat(report.refused())
                .extracting(refused -> refused.fault().reason())
                .containsExactly("already-exists", "key-reused");
        assertThat(report.refused().get(0).fault().detail()).contains("fleet.csv:2");
    }

    @Test
    void rows_that_cannot_be_read_say_where_and_why() throws IOException {
        HeldCertificate held = FOREIGN.device("a");
        Path csv = csv(
                "device,certificate,der,sha256",
                "d-1,missing.pem,,",
                "d-2,,AAAA,",
                "d-3,,,",
                "d-4,,x",
                "d-5,," + base64(held) + "," + "0".repeat(64),
                "," + "," + base64(held) + ",");
        ImportReport report = run(new CsvSource(csv), Optional.empty(), false);
        assertThat(report.refused())
                .extracting(refused -> refused.fault().member())
                .containsExactly("certificate", "der", "certificate", "row", "sha256", "device");
        assertThat(asked).isEmpty();
    }

    @Test
    void a_file_that_is_no_csv_is_a_mistake_in_the_usage() throws IOException {
        for (String text : List.of(
                "device,certificate\n\"d-1,x", "device,certificate\nd\"1,x", "a,b\n", "", "der,der\n", "der,b/c\n")) {
            Path csv = Files.writeString(directory.resolve("fleet.csv"), text);
            assertThatThrownBy(() -> run(new CsvSource(csv), Optional.empty(), false))
                    .as(text)
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("fleet.csv:");
        }
    }

    @Test
    void a_folder_of_certificates_takes_the_ids_from_them() throws IOException {
        HeldCertificate one = FOREIGN.device("d-1");
        Files.writeString(directory.resolve("1.pem"), "a comment\n" + Pem.write(one.chain()));
        Files.write(
                directory.resolve("2.DER"),
                Certificates.der(FOREIGN.device("d-2").certificate()));
        Files.writeString(directory.resolve("notes.txt"), "none");
        assertThat(run(new CertificateFolder(directory), Optional.of(IdFrom.CN), false)
                        .imported())
                .isEqualTo(2);
        assertThat(asked.get(0).path("devices").findValuesAsText("device")).containsExactly("d-1", "d-2");
        asked.clear();
        run(new CertificateFolder(directory), Optional.of(IdFrom.URI), false);
        assertThat(asked.get(0).path("devices").findValuesAsText("device")).containsExactly("d-1", "d-2");
        ImportReport none = run(new CertificateFolder(directory), Optional.of(IdFrom.SERIAL_NUMBER), false);
        assertThat(none.refused())
                .hasSize(2)
                .allMatch(refused -> refused.fault().detail().contains("serialNumber"));
    }

    private ImportReport run(Source source, Optional<IdFrom> idFrom, boolean partial) throws IOException {
        ImportOptions options = new ImportOptions("PEM", Optional.of("pumps"), idFrom, false, partial, false);
        return new FleetImport(source, options, this::answer, line -> {}).run();
    }

    /** As the service answers, with its own opinion of some devices. */
    private JsonNode answer(Map<String, Object> order) {
        JsonNode json = JSON.valueToTree(order);
        asked.add(json);
        ObjectNode answer = JSON.createObjectNode();
        int imported = 0;
        for (int i = 0; i < json.path("devices").size(); i++) {
            String device = json.path("devices").path(i).path("device").asText();
            if (unwanted.contains(device)) {
                answer.withArray("refused")
                        .addObject()
                        .put("row", i)
                        .put("member", "certificate")
                        .put("reason", "expired");
            } else {
                imported++;
            }
        }
        return answer.put("imported", imported);
    }

    private Path many(int rows) throws IOException {
        List<String> lines = new ArrayList<>(List.of("device,der"));
        for (int i = 0; i < rows; i++) {
            lines.add("d-" + i + "," + base64(FOREIGN.device("x" + i)));
        }
        return csv(lines.toArray(String[]::new));
    }

    private Path csv(String... lines) throws IOException {
        return Files.writeString(directory.resolve("fleet.csv"), String.join("\r\n", lines));
    }

    private static String base64(HeldCertificate held) {
        return Base64.getEncoder().encodeToString(Certificates.der(held.certificate()));
    }
}

package io.gatehouse.gateway.fleetimport;

import io.gatehouse.enrollment.config.ConfigException;
import io.gatehouse.gateway.fleetimport.CsvReader.CsvException;
import io.gatehouse.identity.policy.Attributes;
import io.gatehouse.x509.Certificates;
import io.gatehouse.x509.der.MalformedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A CSV file in UTF-8 whose first line names the columns: {@code device}, {@code fleet}, {@code certificate} (a file, relative to the
 * CSV), {@code der} (base64), {@code sha256} (what the certificate's fingerprint must be); every other column is an attribute.
 */
public final class CsvSource implements Source {
    private static final String DEVICE = "device";
    private static final String FLEET = "fleet";
    private static final String CERTIFICATE = "certificate";
    private static final String DER = "der";
    private static final String SHA256 = "sha256";

    private final Path file;

    public CsvSource(Path file) {
        this.file = file;
    }

    @Override
    public void each(Consumer<SourceRow> sink) throws IOException {
        try (BufferedReader text = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            CsvReader csv = new CsvReader(text);
            List<String> columns = columns(csv);
            Optional<List<String>> fields = csv.record();
            while (fields.isPresent()) {
                sink.accept(row(file + ":" + csv.line(), columns, fields.get()));
                fields = csv.record();
            }
        } catch (CsvException e) {
            throw new ConfigException(file + ":" + e.line(), "", "", e.wrong());
        } catch (CharacterCodingException e) {
            throw new ConfigException(file.toString(), "", "", "must be text in UTF-8");
        }
    }

    /** What the header says of the columns is checked before any row is looked at. */
    private List<String> columns(CsvReader csv) throws IOException {
        List<String> columns = csv.record().orElse(List.of());
        if (new HashSet<>(columns).size() != columns.size()) {
            throw new ConfigException(file + ":1", "", String.join(",", columns), "different names for the columns");
        }
        if (!columns.contains(CERTIFICATE) && !columns.contains(DER)) {
            throw new ConfigException(
                    file + ":1",
                    "",
                    String.join(",", columns),
                    "a line that names the columns: device, fleet, certificate or der, sha256, and attributes");
        }
        for (String column : columns) {
            if (!Attributes.validName(column)) {
                throw new ConfigException(file + ":1", "column", column, "a name of " + Attributes.NAME_RULE);
            }
        }
        return columns;
    }

    private SourceRow row(String place, List<String> columns, List<String> fields) {
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < Math.min(columns.size(), fields.size()); i++) {
            if (!fields.get(i).isBlank()) {
                values.put(columns.get(i), fields.get(i).strip());
            }
        }
        Optional<String> device = Optional.ofNullable(values.remove(DEVICE));
        Optional<String> fleet = Optional.ofNullable(values.remove(FLEET));
        Optional<String> path = Optional.ofNullable(values.remove(CERTIFICATE));
        Optional<String> der = Optional.ofNullable(values.remove(DER));
        Optional<String> sha256 = Optional.ofNullable(values.remove(SHA256));
        SourceRow row = new SourceRow(place, device, fleet, values, Optional.empty(), Optional.empty());
        if (fields.size() != columns.size()) {
            return row.faulty(new RowFault(
                    "row",
                    fields.size() + " fields",
                    "bad-request",
                    "the first line names " + columns.size() + " columns"));
        }
        if (path.isPresent() == der.isPresent()) {
            return row.faulty(new RowFault(
                    CERTIFICATE, "", "bad-request", "either a file in certificate or base64 in der is needed"));
        }
        return read(row, path, der, sha256);
    }

    private SourceRow read(SourceRow row, Optional<String> path, Optional<String> der, Optional<String> sha256) {
        String member = path.isPresent() ? CERTIFICATE : DER;
        try {
            X509Certificate certificate = path.isPresent()
                    ? CertificateText.file(file.toAbsolutePath().resolveSibling(path.get()))
                    : CertificateText.base64(der.orElseThrow());
            String fingerprint = Certificates.fingerprint(certificate).hex();
            if (sha256.isPresent()
                    && !fingerprint.equals(sha256.get().replace(":", "").toLowerCase(Locale.ROOT))) {
                return row.faulty(new RowFault(
                        SHA256, sha256.get(), "bad-certificate", "the certificate's fingerprint is " + fingerprint));
            }
            return new SourceRow(
                    row.place(),
                    row.device(),
                    row.fleet(),
                    row.attributes(),
                    Optional.of(certificate),
                    Optional.empty());
        } catch (IOException | InvalidPathException | MalformedException e) {
            return row.faulty(new RowFault(
                    member,
                    path.orElse(""),
                    "bad-certificate",
                    "not readable as one X.509 certificate: " + e.getMessage()));
        }
    }
}

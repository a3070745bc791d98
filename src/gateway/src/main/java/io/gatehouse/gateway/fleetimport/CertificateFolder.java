package io.gatehouse.gateway.fleetimport;

import io.gatehouse.x509.der.MalformedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A folder with one certificate a file: {@code .pem}, {@code .crt}, {@code .cer}, {@code .der}; others and folders are left out. */
public final class CertificateFolder implements Source {
    private static final List<String> ENDINGS = List.of(".pem", ".crt", ".cer", ".der");

    private final Path folder;

    public CertificateFolder(Path folder) {
        this.folder = folder;
    }

    @Override
    public void each(Consumer<SourceRow> sink) throws IOException {
        List<Path> files;
        try (Stream<Path> entries = Files.list(folder)) {
            files = entries.filter(CertificateFolder::isCertificate).sorted().toList();
        }
        for (Path file : files) {
            sink.accept(row(file));
        }
    }

    private static boolean isCertificate(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return ENDINGS.stream().anyMatch(name::endsWith) && Files.isRegularFile(file);
    }

    private static SourceRow row(Path file) {
        SourceRow empty = new SourceRow(
                file.toString(), Optional.empty(), Optional.empty(), Map.of(), Optional.empty(), Optional.empty());
        try {
            return new SourceRow(
                    file.toString(),
                    Optional.empty(),
                    Optional.empty(),
                    Map.of(),
                    Optional.of(CertificateText.file(file)),
                    Optional.empty());
        } catch (IOException | MalformedException e) {
            return empty.faulty(new RowFault(
                    "certificate",
                    file.getFileName().toString(),
                    "bad-certificate",
                    "not readable as one X.509 certificate: " + e.getMessage()));
        }
    }
}

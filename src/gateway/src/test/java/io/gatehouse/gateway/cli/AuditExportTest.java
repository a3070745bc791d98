package io.gatehouse.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditExportTest {
    private static final String EXPORT = "GET /api/v1/audit/export";
    private static final String LINES = "{\"seq\":1}\n{\"seq\":2}\n";

    @TempDir
    Path directory;

    private FakeService service;
    private Map<String, String> environment;

    @BeforeEach
    void start() throws IOException {
        service = FakeService.start();
        environment = service.environment(directory);
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void an_export_is_what_the_service_sent() {
        service.on(EXPORT, 200, LINES);
        Path file = directory.resolve("audit.jsonl");

        assertThat(Ended.of(environment, "", "audit", "export")).isEqualTo(new Ended(0, LINES, ""));
        assertThat(export(file)).isEqualTo(new Ended(0, "", ""));
        assertThat(file).hasContent(LINES);
    }

    @Test
    void an_export_that_standard_output_does_not_take_has_failed() {
        service.on(EXPORT, 200, LINES);
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal full = new Terminal(
                InputStream.nullInputStream(),
                new PrintStream(new Full(), true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                environment);
        int exit = Gatehouse.run(new String[] {"audit", "export"}, full);

        assertThat(exit).isEqualTo(Exit.FAILED);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("gatehouse: the export cannot be written to standard output: it is not complete\n");
    }

    @Test
    void an_export_that_breaks_off_leaves_the_file_and_the_directory_as_they_were() throws IOException {
        service.breakingOff(EXPORT, LINES);
        Path file = Files.writeString(directory.resolve("audit.jsonl"), "of yesterday");
        Ended ended = export(file);

        assertThat(ended.exit()).isEqualTo(Exit.UNREACHABLE);
        assertThat(ended.err()).contains("broke off");
        assertThat(file).hasContent("of yesterday");
        assertThat(directory).isDirectoryNotContaining(each -> each.toString().endsWith(".new"));
    }

    private Ended export(Path file) {
        return Ended.of(environment, "", "audit", "export", "--out", file.toString());
    }

    /** A full disk, or a pipe whose reader is gone. */
    private static final class Full extends OutputStream {
        @Override
        public void write(int octet) throws IOException {
            throw new IOException("No space left on device");
        }
    }
}

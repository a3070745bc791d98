package io.gatehouse.gateway.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import io.gatehouse.enrollment.config.ConfigException;
import io.gatehouse.gateway.fleetimport.CertificateFolder;
import io.gatehouse.gateway.fleetimport.CsvSource;
import io.gatehouse.gateway.fleetimport.FleetImport;
import io.gatehouse.gateway.fleetimport.IdFrom;
import io.gatehouse.gateway.fleetimport.ImportOptions;
import io.gatehouse.gateway.fleetimport.ImportReport;
import io.gatehouse.gateway.fleetimport.Source;
import io.gatehouse.gateway.rest.AdminClient;
import io.gatehouse.x509.Pem;
import io.gatehouse.x509.der.MalformedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "import",
        description = {
            "take in devices that have a certificate of another CA",
            "",
            "Each is admitted with exactly its certificate until that expires or the device has renewed with this service. All rows"
                    + " are checked before the first is imported; a further run changes nothing that is there."
        },
        footer = {
            "",
            "CSV: the first line names the columns: device, fleet, certificate (a file, relative to the CSV) or der (base64), sha256;"
                    + " every other column is an attribute.",
            "An imported certificate is on no revocation list of this service: revoking it acts by its fingerprint, at the brokers"
                    + " and at this service."
        })
final class ImportVerb implements Callable<Integer> {
    private static final int SHOWN = 50;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Terminal terminal;

    @Mixin
    private AdminOptions admin = new AdminOptions();

    @Option(names = "--fleet", paramLabel = "FLEET", description = "of all devices whose row names none")
    private Optional<String> fleet = Optional.empty();

    @Option(
            names = "--ca",
            required = true,
            paramLabel = "FILE",
            description = "PEM of the CA that issued the certificates, or of up to 8")
    private Path authority = Path.of("");

    @ArgGroup(multiplicity = "1")
    private Where where = new Where();

    static final class Where {
        @Option(names = "--csv", required = true, paramLabel = "FILE", description = "one device a line")
        private Optional<Path> csv = Optional.empty();

        @Option(
                names = "--certs",
                required = true,
                paramLabel = "DIR",
                description = "one certificate a file: .pem .crt .cer .der")
        private Optional<Path> folder = Optional.empty();
    }

    @Option(
            names = "--id-from",
            paramLabel = "PART",
            description =
                    "where a certificate has its device's id: cn, serialNumber (of the subject) or uri (its last part)")
    private Optional<String> idFrom = Optional.empty();

    @Option(names = "--dry-run", description = "only check")
    private boolean dryRun;

    @Option(names = "--partial", description = "import what is in order although some rows are not")
    private boolean partial;

    @Option(
            names = "--allow-weak",
            description = "take RSA keys from 1024 bits on and signatures with SHA-1, which are refused otherwise")
    private boolean allowWeak;

    ImportVerb(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        ImportOptions options =
                new ImportOptions(pem(), fleet, idFrom.map(ImportVerb::part), dryRun, partial, allowWeak);
        Source source = source();
        AdminClient client = admin.client(terminal);
        ImportReport report = new FleetImport(
                        source,
                        options,
                        order -> client.post("/api/v1/imports", order).json(),
                        line -> terminal.err().println(line))
                .run();
        admin.show(written(report), terminal.out(), out -> tell(report));
        return report.refusedRows() == 0 ? Exit.DONE : Exit.FAILED;
    }

    private static String written(ImportReport report) {
        try {
            return JSON.writeValueAsString(report.json());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a report cannot be written", e);
        }
    }

    private void tell(ImportReport report) {
        report.refused().stream()
                .limit(SHOWN)
                .forEach(row -> terminal.err()
                        .println(row.place() + ": " + plain(row.device()) + ": "
                                + row.fault().member() + " = "
                                + plain(row.fault().value()) + ": "
                                + plain(row.fault().detail()) + " ("
                                + row.fault().reason() + ")"));
        if (report.refusedRows() > SHOWN) {
            terminal.err().println("… and " + (report.refusedRows() - SHOWN) + " more rows");
        }
        boolean imported = report.isDone() || report.isStopped();
        String counted = report.imported() + " devices " + (imported ? "imported" : "would be imported") + ", "
                + report.unchanged() + " were here already, " + report.refusedRows() + " refused";
        String end = report.isStopped()
                ? "; stopped there, since something has changed at the service: mend the rows above and run it again"
                : imported || dryRun ? "" : "; nothing was imported";
        terminal.out().println(counted + end);
    }

    private static String plain(String text) {
        return Table.cell(TextNode.valueOf(text));
    }

    private static IdFrom part(String word) {
        return Arrays.stream(IdFrom.values())
                .filter(part -> part.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new ConfigException("command line", "--id-from", word, "cn, serialNumber or uri"));
    }

    private String pem() {
        try {
            return Pem.write(Pem.certificates(Files.readString(authority)));
        } catch (IOException | MalformedException e) {
            throw new ConfigException(
                    "command line", "--ca", authority.toString(), "a readable file of PEM certificates");
        }
    }

    private Source source() {
        if (where.csv.isPresent()) {
            return new CsvSource(readable("--csv", where.csv.get(), Files.isRegularFile(where.csv.get())));
        }
        Path folder = where.folder.orElseThrow();
        if (idFrom.isEmpty()) {
            throw new ConfigException(
                    "command line",
                    "--id-from",
                    "",
                    "with --certs it must say where the id is: cn, serialNumber or uri");
        }
        return new CertificateFolder(readable("--certs", folder, Files.isDirectory(folder)));
    }

    private static Path readable(String option, Path path, boolean there) {
        if (!there || !Files.isReadable(path)) {
            throw new ConfigException("command line", option, path.toString(), "a readable file or folder");
        }
        return path;
    }
}

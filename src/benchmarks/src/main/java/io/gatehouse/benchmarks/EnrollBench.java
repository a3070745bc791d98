package io.gatehouse.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatehouse.enrollment.keys.CryptoProvider;
import io.gatehouse.gateway.Bench;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/**
 * What an enrollment costs, end to end and durable, against the packaged service in a process of its own; the issuing step alone
 * beside the cryptography that nothing can avoid; and what a registry of a million devices adds.
 */
public final class EnrollBench implements Bench {
    private static final List<String> OPTIONS = List.of("--json", "--short", "--network", "--issue", "--registry");

    @Override
    public String name() {
        return "enroll";
    }

    @Override
    public String description() {
        return "enrollments a second, over new and open connections, the issuing step alone, a million devices";
    }

    @Override
    public int run(List<String> arguments, PrintStream out, PrintStream err) {
        if (!OPTIONS.containsAll(arguments)) {
            boolean asked = arguments.contains("--help");
            (asked ? out : err)
                    .println(
                            "Usage: gatehouse bench enroll [--json] [--short] [--network] [--issue] [--registry]: "
                                    + description()
                                    + "\n  --network, --issue, --registry   only these rows"
                                    + "\n  --short                          small sizes: to see that it works, not what it costs");
            return asked ? 0 : 2;
        }
        CryptoProvider.installFirst();
        try {
            Report report = measure(arguments, err);
            out.println(arguments.contains("--json") ? report.json() : report.table());
            return 0;
        } catch (BenchFailed | IOException failed) {
            err.println("gatehouse bench enroll: " + failed.getMessage());
            return 1;
        }
    }

    private static Report measure(List<String> arguments, PrintStream err) throws IOException {
        boolean small = arguments.contains("--short");
        CryptoProvider provider = CryptoProvider.inUse();
        Report report = new Report("enroll", provider.name() + " " + provider.version());
        if (wanted(arguments, "--network")) {
            network(report, small ? EnrollRows.Sizes.SHORT : EnrollRows.Sizes.USUAL, err);
        }
        if (wanted(arguments, "--issue")) {
            err.println("the issuing step ...");
            IssueOnly.measure(small).into(report.row("issue-only"));
        }
        if (wanted(arguments, "--registry")) {
            MillionRegistry.measure(small, err).into(report.row("million-registry"));
        }
        return report;
    }

    private static void network(Report report, EnrollRows.Sizes sizes, PrintStream err) throws IOException {
        try (ServiceHome service = ServiceHome.init().start()) {
            err.println("making " + sizes.claims() + " keys and claims ...");
            Applicants applicants = Applicants.claimed(service, "bench", sizes.claims());
            service.stop(); // a new process: nothing of what made the claims is warm
            err.println("enrolling ...");
            new EnrollRows(service.start(), sizes, report).measure(applicants);
            sameProvider(service);
        }
    }

    /** The service's own word for its provider must be the one that stands in the report. */
    private static void sameProvider(ServiceHome service) throws IOException {
        try (KeepAlive admin = KeepAlive.open(service.adminPort(), service.trusting())) {
            String status = admin.get("/api/v1/status", service.authorization()).body();
            String said = new ObjectMapper().readTree(status).path("provider").asText();
            if (!said.startsWith(CryptoProvider.inUse().name())) {
                throw new BenchFailed("the service signs with " + said + ", the benchmark with another provider");
            }
        }
    }

    /** Without any of the three: all. */
    private static boolean wanted(List<String> arguments, String part) {
        return arguments.contains(part) || OPTIONS.subList(2, 5).stream().noneMatch(arguments::contains);
    }
}

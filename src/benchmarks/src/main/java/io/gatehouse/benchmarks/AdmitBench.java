package io.gatehouse.benchmarks;

import io.gatehouse.enrollment.keys.CryptoProvider;
import io.gatehouse.gateway.Bench;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/**
 * What it costs to let a device in: connects over mutual TLS to the packaged broker with a million devices in its copy of the
 * directory, and in the same run to HiveMQ without the extension, with and without the native provider, and to mosquitto.
 */
public final class AdmitBench implements Bench {
    private static final List<String> OPTIONS = List.of("--json", "--short", "--gatehouse", "--bare", "--mosquitto");

    @Override
    public String name() {
        return "admit";
    }

    @Override
    public String description() {
        return "connects a second with a million devices, against HiveMQ without the extension and mosquitto";
    }

    @Override
    public int run(List<String> arguments, PrintStream out, PrintStream err) {
        if (!OPTIONS.containsAll(arguments)) {
            boolean asked = arguments.contains("--help");
            (asked ? out : err)
                    .println(
                            "Usage: gatehouse bench admit [--json] [--short] [--gatehouse] [--bare] [--mosquitto]: "
                                    + description()
                                    + "\n  --gatehouse, --bare, --mosquitto   only these rows"
                                    + "\n  --short                            small sizes: to see that it works, not what it costs");
            return asked ? 0 : 2;
        }
        CryptoProvider.installFirst();
        try {
            CryptoProvider provider = CryptoProvider.inUse();
            Report report = new Report(name(), provider.name() + " " + provider.version());
            AdmitRows.Sizes sizes = arguments.contains("--short") ? AdmitRows.Sizes.SHORT : AdmitRows.Sizes.USUAL;
            try (ServiceHome home = ServiceHome.init()) {
                AdmitRows rows = new AdmitRows(home, sizes, report, err);
                rows.fill();
                rows.measure(
                        wanted(arguments, "--gatehouse"),
                        wanted(arguments, "--bare"),
                        wanted(arguments, "--mosquitto"));
            }
            out.println(arguments.contains("--json") ? report.json() : report.table());
            return 0;
        } catch (BenchFailed | IOException failed) {
            err.println("gatehouse bench admit: " + failed.getMessage());
            return 1;
        }
    }

    /** Without any of the three: all. */
    private static boolean wanted(List<String> arguments, String part) {
        return arguments.contains(part) || OPTIONS.subList(2, 5).stream().noneMatch(arguments::contains);
    }
}

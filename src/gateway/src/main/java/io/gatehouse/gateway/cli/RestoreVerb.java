package io.gatehouse.gateway.cli;

import io.gatehouse.enrollment.backup.HomeRestore;
import io.gatehouse.enrollment.backup.HomeRestore.Restored;
import io.gatehouse.enrollment.config.ConfigException;
import io.gatehouse.enrollment.config.Home;
import io.gatehouse.gateway.supervise.RunFiles;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "restore",
        description = {
            "put a backup into an empty home, in which nothing runs.",
            "The restored service begins a new epoch: claims are cancelled, and every broker of the backup is asked once"
                    + " what it knows further (revocations, new certificates) before it gets the restored directory."
                    + " `restoration show` tells what came of it."
        })
final class RestoreVerb implements Callable<Integer> {
    private static final Duration LONGEST = Duration.ofDays(30);

    private final Terminal terminal;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "the home (default: $GATEHOUSE_HOME, else ./gatehouse-home)")
    private Optional<Path> place = Optional.empty();

    @Option(names = "--from", paramLabel = "FILE", required = true, description = "the backup")
    private Path from = Path.of("");

    @Mixin
    private BackupPassphrase passphrase = new BackupPassphrase();

    @Option(
            names = "--replace",
            description = "the home may be one that is not empty: what it has is moved aside, its broker's folder and"
                    + " secrets/unlock stay")
    private boolean replace;

    @Option(
            names = "--witness",
            paramLabel = "DURATION|none",
            description = "how long brokers are asked what they know further (ISO 8601, default PT24H); until they have"
                    + " said it they go on with what they know; none: they are not asked")
    private String witness = "PT24H";

    @Option(names = "--json", description = "print what was restored as JSON")
    private boolean json;

    RestoreVerb(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Home home = HomeOptions.homeOf(place, terminal);
        Duration witnesses = witnesses();
        char[] secret = passphrase.read(terminal, false).chars();
        RunFiles files = Locks.whole(home);
        try (files) {
            var restored = new HomeRestore(home, InstantSource.system()).restore(from, secret, replace, witnesses);
            show(home, restored, !witnesses.isZero());
        }
        return Exit.DONE;
    }

    private void show(Home home, Restored restored, boolean asks) {
        var begun = restored.begun();
        var shown = new LinkedHashMap<String, Object>();
        shown.put("home", home.toString());
        shown.put("backupAt", restored.backupAt().toString());
        shown.put("epoch", begun.formerEpoch());
        shown.put("revision", begun.revision());
        shown.put("auditEntries", begun.auditSeq());
        shown.put("lastAct", begun.lastAct().map(Object::toString).orElse(null));
        shown.put("claimsCancelled", begun.claims());
        shown.put("requestsRejected", begun.requests());
        shown.put("brokers", begun.brokers());
        shown.put("witnessesUntil", asks ? restored.until().toString() : null);
        shown.put("former", restored.former().map(Path::toString).orElse(null));
        Printed.show(terminal.out(), json, shown, out -> tell(home, restored, asks, out));
    }

    private static void tell(Home home, Restored restored, boolean asks, PrintStream out) {
        var begun = restored.begun();
        out.println("restored to " + home + ": the state of " + restored.backupAt() + ", revision " + begun.revision()
                + ", " + begun.auditSeq() + " entries of the audit");
        out.println("cancelled: " + begun.claims() + " open claims, " + begun.requests() + " requests that waited");
        restored.former().ifPresent(former -> out.println("what was there before is in " + former));
        if (asks) {
            out.println("until " + restored.until() + " these brokers are asked what they know further: "
                    + String.join(", ", begun.brokers()));
            out.println("from them come revocations, suspensions and new certificates; everything else that was done"
                    + " after the backup is lost.");
        } else {
            out.println("NO BROKER IS ASKED. Lost is everything that was done after the backup: revocations and"
                    + " suspensions are undone, devices that enrolled or renewed since then are unknown and refused.");
        }
        out.println("start it, then: gatehouse restoration show");
    }

    private Duration witnesses() {
        if (witness.equals("none")) {
            return Duration.ZERO;
        }
        try {
            Duration duration = Duration.parse(witness);
            if (!duration.isNegative() && !duration.isZero() && duration.compareTo(LONGEST) <= 0) {
                return duration;
            }
        } catch (DateTimeParseException e) {
            // told below
        }
        throw new ConfigException("command line", "--witness", witness, "none, or an ISO 8601 duration up to P30D");
    }
}

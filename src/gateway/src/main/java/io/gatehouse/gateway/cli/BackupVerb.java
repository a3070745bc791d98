package io.gatehouse.gateway.cli;

import io.gatehouse.enrollment.backup.HomeBackup;
import io.gatehouse.enrollment.config.ConfigFile;
import io.gatehouse.enrollment.config.Home;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "backup",
        description = {
            "write the home into one encrypted file, while the service runs or not: database, keys (still under their own"
                    + " passphrase), configuration, trust. The file is in the age format: `age -d` opens it, too.",
            "Left out: secrets/unlock, the broker's folder, logs."
        })
final class BackupVerb implements Callable<Integer> {
    private final Terminal terminal;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "the home (default: $GATEHOUSE_HOME, else ./gatehouse-home)")
    private Optional<Path> place = Optional.empty();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            required = true,
            description = "where to; 0600, replaced when all is written")
    private Path out = Path.of("");

    @Mixin
    private BackupPassphrase passphrase = new BackupPassphrase();

    @Option(names = "--json", description = "print what was written as JSON")
    private boolean json;

    BackupVerb(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Home home = HomeOptions.homeOf(place, terminal);
        Locks.finishRestore(home);
        ConfigFile.load(home);
        Path directory = out.toAbsolutePath().getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new CommandFailed(out + ": a backup is written to a directory that is there");
        }
        var made = new HomeBackup(home, InstantSource.system())
                .write(out, passphrase.read(terminal, true).chars());
        var shown = new LinkedHashMap<String, Object>();
        shown.put("file", out.toString());
        shown.put("bytes", made.bytes());
        shown.put("files", made.files().size() + 1);
        shown.put("rootKeys", made.rootKeys());
        Printed.show(terminal.out(), json, shown, out -> {
            out.println("backup of " + home + " in " + this.out + ", " + made.bytes() + " bytes");
            if (made.rootKeys()) {
                out.println("It holds the root keys, which are still in " + home.secrets() + ": take them away.");
            }
            out.println("To restore it, its passphrase is needed, and the passphrase of the keys, which is not in it.");
        });
        return Exit.DONE;
    }
}

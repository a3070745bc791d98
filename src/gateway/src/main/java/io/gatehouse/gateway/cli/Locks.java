package io.gatehouse.gateway.cli;

import io.gatehouse.enrollment.backup.HomeRestore;
import io.gatehouse.enrollment.config.Home;
import io.gatehouse.gateway.supervise.RunFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One process a part and home; the second one is told whom it met. */
final class Locks {
    private Locks() {}

    /**
     * Before anything else of a home is looked at: a restore that was interrupted when all was unpacked is moved into place. Only then is the
     * home locked: beside a service that runs this does nothing.
     */
    static void finishRestore(Home home) {
        if (HomeRestore.isInterrupted(home)) {
            RunFiles files = whole(home);
            try (files) {
                HomeRestore.finish(home);
            }
        }
    }

    static RunFiles whole(Home home) {
        return RunFiles.lockWhole(home).orElseThrow(() -> taken(home));
    }

    static RunFiles part(Home home, String part) {
        return RunFiles.lockPart(home, part).orElseThrow(() -> taken(home));
    }

    private static CommandFailed taken(Home home) {
        String who = Stream.of("up", "service", "broker")
                .flatMap(name -> pid(home, name))
                .collect(Collectors.joining(", "));
        return new CommandFailed("another gatehouse runs in " + home + (who.isEmpty() ? "" : ": " + who));
    }

    private static Stream<String> pid(Home home, String name) {
        try {
            return Stream.of(name + " (pid " + Files.readString(home.pid(name)).strip() + ")");
        } catch (IOException e) {
            return Stream.empty();
        }
    }
}

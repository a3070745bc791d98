package io.gatehouse.benchmarks;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;

/** The processor time of another process on this machine, as Linux tells it. */
record ProcessTime(long pid) {
    static ProcessTime of(long pid) {
        return new ProcessTime(pid);
    }

    /** Of all its threads since its start, its compiler's and collector's among them; to 10 ms. */
    Duration whole() {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow(() -> new BenchFailed("this system does not tell the processor time of process " + pid));
    }

    /** Of its living threads of such names, of which Linux keeps the first 15 characters; to a nanosecond. */
    Duration threads(Predicate<String> named) {
        long nanos = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : threads) {
                nanos += named.test(read(thread.resolve("comm")).strip())
                        ? Long.parseLong(read(thread.resolve("schedstat")).split(" ", 2)[0])
                        : 0;
            }
        } catch (IOException | DirectoryIteratorException | NumberFormatException broken) {
            throw new BenchFailed("this system does not tell the processor time of threads: " + broken, broken);
        }
        return Duration.ofNanos(nanos);
    }

    /** "0" for a thread that has just ended. */
    private static String read(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException ended) {
            return "0";
        }
    }
}

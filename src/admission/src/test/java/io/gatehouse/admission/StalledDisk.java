package io.gatehouse.admission;

import io.gatehouse.testkit.ProcessRun;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A disk that takes nothing: where the replica's next file is written stands a pipe that nobody reads, so that whoever writes it waits as
 * for a disk that does not answer.
 */
public final class StalledDisk implements AutoCloseable {
    private final Path pipe;

    private StalledDisk(Path pipe) {
        this.pipe = pipe;
    }

    /** From now on the next whole replica in that folder is not taken. */
    public static StalledDisk under(Path folder) {
        var pipe = folder.resolve("replica.new");
        ProcessRun.of("mkfifo", pipe.toString()).run().ok();
        return new StalledDisk(pipe);
    }

    /** It fails what waits, and works again from then on. */
    public void works() throws IOException {
        if (Files.exists(pipe)) {
            try (var read = Files.newInputStream(pipe)) {
                Files.delete(pipe);
                read.transferTo(OutputStream.nullOutputStream());
            }
        }
    }

    @Override
    public void close() throws IOException {
        works();
    }
}

package io.gatehouse.enrollment.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** Which files and directories are put on the disk: what a power cut would show, seen by the JDK's flight recorder. */
public final class Flushes {
    private static final String FLUSH = "jdk.FileForce";

    private Flushes() {}

    /** The paths below that directory, in the order in which they were flushed. */
    public static List<Path> below(Path directory, Runnable work) throws IOException {
        var file = Files.createTempFile("flushes", ".jfr");
        try (var recording = new Recording()) {
            recording.enable(FLUSH).withoutThreshold();
            recording.start();
            work.run();
            recording.stop();
            recording.dump(file);
            return RecordingFile.readAllEvents(file).stream()
                    .filter(event -> event.getEventType().getName().equals(FLUSH))
                    .sorted(Comparator.comparing(RecordedEvent::getStartTime))
                    .map(event -> Path.of(event.getString("path")))
                    .filter(path -> path.startsWith(directory))
                    .toList();
        } finally {
            Files.delete(file);
        }
    }
}

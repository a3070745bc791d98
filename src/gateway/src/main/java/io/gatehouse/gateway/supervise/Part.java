package io.gatehouse.gateway.supervise;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One child process to be kept running.
 *
 * @param name what people call it; also the name of its pid file
 * @param command program and arguments; holds no secret
 * @param secret what the child reads as the first line of its standard input, or nothing; after
 *     that the input stays open, and its end tells the child to end
 * @param output where its standard output and error are appended
 * @param readiness whether it does its work now
 */
public record Part(String name, List<String> command, Optional<Passphrase> secret, Path output, Readiness readiness) {
    public Part {
        command = List.copyOf(command);
    }

    /** Asked often while a part starts; answers within a second or two, and never throws. */
    @FunctionalInterface
    public interface Readiness {
        boolean isReady();

        /** Called right before each start: what an earlier process left behind must not look ready. */
        default void reset() {}
    }

    @Override
    public String toString() {
        return name;
    }
}

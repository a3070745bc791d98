package io.gatehouse.agent.state;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The few changes of the disk that the agent makes. Each is durable when it returns: what it wrote, and the name under which it stands,
 * survive a power cut. A test can stand between them to see that the agent survives an end between any two.
 */
public interface FileStore {
    /** Makes a directory of mode 0700, and those above it; content with one that exists. */
    void makeDirectory(Path directory) throws IOException;

    /** Puts a file of mode 0600 in place of whatever has that name, whole or not at all. */
    void write(Path file, byte[] content) throws IOException;

    /** Gives a file or directory another name in the same directory, which nothing has yet. */
    void rename(Path from, Path to) throws IOException;

    /** Makes or moves a symbolic link, at one stroke. */
    void link(Path link, Path target) throws IOException;

    /** Removes a file, a link, or a directory with all that is in it; content when nothing is there. */
    void remove(Path path) throws IOException;
}

package io.gatehouse.gateway.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;

/** What a verb has of the world around it: where it reads and writes, and the environment. */
public record Terminal(InputStream in, PrintStream out, PrintStream err, Map<String, String> environment) {
    /** The process's own. */
    public static Terminal ofProcess() {
        return new Terminal(System.in, System.out, System.err, System.getenv());
    }
}

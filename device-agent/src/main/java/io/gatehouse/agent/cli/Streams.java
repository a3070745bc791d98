package io.gatehouse.agent.cli;

import io.gatehouse.agent.Failure;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Map;

/** What a verb talks to: its streams, the environment and the clock. */
public record Streams(
        PrintStream out, PrintStream err, InputStream in, Map<String, String> environment, InstantSource clock) {

    /** Says a failure, and answers its exit code. */
    int say(Failure failure) {
        err.println("gatehouse-agent: " + failure.message());
        failure.retryAfter()
                .ifPresent(wait -> err.println("gatehouse-agent: try again after " + wait.toSeconds() + " s"));
        return failure.exit().code();
    }
}

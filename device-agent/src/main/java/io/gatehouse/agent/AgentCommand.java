package io.gatehouse.agent;

import io.gatehouse.agent.cli.AgentVerbs;
import io.gatehouse.agent.cli.Streams;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.InstantSource;

/** The agent as a command: {@code gatehouse-agent}, and {@code gatehouse agent}. */
public final class AgentCommand {
    private AgentCommand() {}

    /** Runs one verb to its end and answers its exit code ({@link ExitCode}); never exits the process, never throws. */
    public static int run(String[] args, PrintStream out, PrintStream err, InputStream in) {
        return AgentVerbs.run(args, new Streams(out, err, in, System.getenv(), InstantSource.system()));
    }

    /** The command line. */
    public static void main(String[] args) {
        System.exit(run(args, System.out, System.err, System.in));
    }
}

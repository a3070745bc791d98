package io.gatehouse.agent.cli;

import io.gatehouse.agent.ExitCode;
import io.gatehouse.agent.config.ConfigException;
import io.gatehouse.agent.state.StoreException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command with its verbs. */
@Command(
        name = "gatehouse-agent",
        description = "Gives this device its identity, keeps it fresh, and connects it to the broker.",
        synopsisSubcommandLabel = "VERB")
public final class AgentVerbs {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    @SuppressWarnings("unused") // picocli sets it and acts on it
    private boolean help;

    private AgentVerbs() {}

    /** Runs one verb and answers its exit code. */
    public static int run(String[] args, Streams streams) {
        var command = new CommandLine(new AgentVerbs());
        command.addSubcommand(new EnrollVerb(streams));
        command.addSubcommand(new RunVerb(streams));
        command.addSubcommand(new PublishVerb(streams));
        command.addSubcommand(new SubscribeVerb(streams));
        command.addSubcommand(new RenewVerb(streams));
        command.addSubcommand(new NeedsRenewalVerb(streams));
        command.addSubcommand(new StatusVerb(streams));
        command.setOut(new PrintWriter(streams.out(), true, StandardCharsets.UTF_8));
        command.setErr(new PrintWriter(streams.err(), true, StandardCharsets.UTF_8));
        command.setOverwrittenOptionsAllowed(true);
        command.setExpandAtFiles(false);
        command.setExitCodeExceptionMapper(AgentVerbs::exitCode);
        command.setExecutionExceptionHandler((failure, at, parsed) -> say(failure, streams));
        command.getCommandSpec()
                .usageMessage()
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(exitCodes());
        return command.execute(args);
    }

    private static int exitCode(Throwable failure) {
        return failure instanceof CommandLine.ParameterException ? ExitCode.USAGE.code() : ExitCode.INTERNAL.code();
    }

    private static int say(Exception failure, Streams streams) {
        if (failure instanceof CommandLine.ParameterException || failure instanceof ConfigException) {
            streams.err().println("gatehouse-agent: " + failure.getMessage());
            return ExitCode.USAGE.code();
        }
        if (failure instanceof StoreException) {
            streams.err().println("gatehouse-agent: " + failure.getMessage());
            return ExitCode.KEY_STORE.code();
        }
        streams.err()
                .println(
                        "gatehouse-agent: internal error: " + failure.getClass().getName());
        return ExitCode.INTERNAL.code();
    }

    private static Map<String, String> exitCodes() {
        var codes = new LinkedHashMap<String, String>();
        Arrays.stream(ExitCode.values()).forEach(code -> codes.put(Integer.toString(code.code()), code.meaning()));
        return codes;
    }
}

package io.gatehouse.gateway.cli;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command as a whole: its verbs, and how each ends. */
@Command(
        name = "gatehouse",
        description = "Device identity by EST, and a doorkeeper in front of the MQTT broker.",
        versionProvider = Gatehouse.Version.class,
        footer = {
            "",
            "  agent ...     the device agent (`gatehouse agent --help`)",
            "  bench NAME    the benchmarks (`gatehouse bench --help`)",
            "",
            "Exit codes: 0 done, 1 failed, refused or degraded, 2 usage or configuration, 3 service not reachable, 70 internal error."
        })
public final class Gatehouse implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private Gatehouse() {}

    /** Runs the command with these words and returns its exit code. */
    public static int run(String[] words, Terminal terminal) {
        List<String> rest = Arrays.asList(words).subList(Math.min(1, words.length), words.length);
        String verb = words.length == 0 ? "" : words[0];
        try {
            return switch (verb) {
                case "agent" -> AgentVerb.run(rest, terminal);
                case "bench" -> BenchVerb.run(rest, terminal);
                default -> commandLine(terminal).execute(words);
            };
        } catch (RuntimeException e) {
            return Failures.tell(e, terminal.err());
        } finally {
            terminal.out().flush();
            terminal.err().flush();
        }
    }

    static CommandLine commandLine(Terminal terminal) {
        CommandLine root = new CommandLine(new Gatehouse());
        root.getCommandSpec().addOption(help()).addOption(version());
        root.addSubcommand(new DemoVerb(terminal))
                .addSubcommand(new UpVerb(terminal))
                .addSubcommand(new InitVerb(terminal))
                .addSubcommand(new ServiceVerb(terminal))
                .addSubcommand(new BrokerVerb(terminal))
                .addSubcommand(new StatusVerb(terminal))
                .addSubcommand(new FleetVerbs(terminal))
                .addSubcommand(policyVerbs(terminal))
                .addSubcommand(new ClaimVerbs(terminal))
                .addSubcommand(new PendingVerbs(terminal))
                .addSubcommand(deviceVerbs(terminal))
                .addSubcommand(new CertVerbs(terminal))
                .addSubcommand(new SessionVerbs(terminal))
                .addSubcommand(brokerNodes(terminal))
                .addSubcommand(ca(terminal))
                .addSubcommand(new AuditVerbs(terminal))
                .addSubcommand(new BackupVerb(terminal))
                .addSubcommand(new RestoreVerb(terminal))
                .addSubcommand(new RestorationVerbs(terminal));
        return root.setUsageHelpWidth(110)
                .setOut(writer(terminal.out()))
                .setErr(writer(terminal.err()))
                .setExecutionExceptionHandler((failure, line, parsed) -> Failures.tell(failure, terminal.err()));
    }

    private static CommandLine ca(Terminal terminal) {
        return new CommandLine(new CaVerbs(terminal)).addSubcommand(new CaRotateVerb(terminal));
    }

    private static CommandLine policyVerbs(Terminal terminal) {
        return new CommandLine(new PolicyVerbs(terminal)).addSubcommand(new PolicyCheckVerb(terminal));
    }

    private static CommandLine brokerNodes(Terminal terminal) {
        return new CommandLine(new BrokerNodeVerbs(terminal)).addSubcommand(new BrokerNodeEnrollVerb(terminal));
    }

    private static CommandLine deviceVerbs(Terminal terminal) {
        return new CommandLine(new DeviceVerbs(terminal)).addSubcommand(new ImportVerb(terminal));
    }

    /** Inherited, not picocli's own mixin: that one, added from outside, disturbs the parameters of verbs that are methods. */
    private static OptionSpec help() {
        return OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .scopeType(ScopeType.INHERIT)
                .description("what this verb does and takes")
                .build();
    }

    private static OptionSpec version() {
        return OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .description("the version of this program")
                .build();
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a verb is missing");
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Gatehouse.class.getPackage().getImplementationVersion();
            return new String[] {"gatehouse " + (version == null ? "(not packaged)" : version)};
        }
    }
}

package io.gatehouse.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Every verb explains itself, and says so when it is misused. */
class HelpTest {
    static Stream<List<String>> every_verb() {
        List<List<String>> verbs = new ArrayList<>(List.of(List.of(), List.of("agent"), List.of("bench")));
        Terminal terminal = Terminal.ofProcess();
        collect(Gatehouse.commandLine(terminal), List.of(), verbs);
        return verbs.stream();
    }

    private static void collect(CommandLine line, List<String> words, List<List<String>> verbs) {
        line.getSubcommands().forEach((name, sub) -> {
            List<String> here = Stream.concat(words.stream(), Stream.of(name)).toList();
            verbs.add(here);
            collect(sub, here, verbs);
        });
    }

    @ParameterizedTest
    @MethodSource
    void every_verb(List<String> verb) {
        Ended help = Ended.of(
                Map.of(), "", Stream.concat(verb.stream(), Stream.of("--help")).toArray(String[]::new));
        assertThat(help.exit()).as(help.err()).isZero();
        assertThat(help.out()).contains("Usage: ");
        assertThat(help.err()).isEmpty();

        Ended misused = Ended.of(
                Map.of(),
                "",
                Stream.concat(verb.stream(), Stream.of("--no-such-option")).toArray(String[]::new));
        assertThat(misused.exit()).isEqualTo(Exit.USAGE);
        assertThat(misused.err()).isNotBlank().doesNotContain("\tat ");
    }

    @Test
    void the_verbs_of_the_contract_are_there() {
        assertThat(every_verb().map(words -> String.join(" ", words)))
                .contains(
                        "demo",
                        "up",
                        "init",
                        "service",
                        "broker",
                        "status",
                        "agent",
                        "bench",
                        "fleet create",
                        "fleet list",
                        "fleet show",
                        "fleet set",
                        "fleet suspend",
                        "fleet resume",
                        "fleet reissue",
                        "policy show",
                        "policy set",
                        "policy check",
                        "policy explain",
                        "claim create",
                        "claim list",
                        "claim cancel",
                        "pending list",
                        "pending approve",
                        "pending reject",
                        "device list",
                        "device show",
                        "device suspend",
                        "device resume",
                        "device revoke",
                        "device reinstate",
                        "device decommission",
                        "device import",
                        "cert list",
                        "cert show",
                        "cert revoke",
                        "session list",
                        "broker-node list",
                        "broker-node remove",
                        "ca show",
                        "ca crl",
                        "ca rotate",
                        "ca take-over",
                        "ca retire",
                        "audit list",
                        "audit export",
                        "audit verify",
                        "backup",
                        "restore",
                        "restoration show",
                        "restoration finish");
    }
}

package io.gatehouse.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatehouse.identity.policy.Explanation;
import io.gatehouse.identity.policy.Finding;
import io.gatehouse.identity.policy.Policy;
import io.gatehouse.identity.policy.PolicyDocument;
import io.gatehouse.identity.policy.PolicyException;
import io.gatehouse.identity.policy.PolicyReview;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "check",
        description =
                "whether a policy is one, and decides as expected; asks no service. Exits with 1 when it is not or does"
                        + " not, with 2 when a file cannot be read")
final class PolicyCheckVerb implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Terminal terminal;

    @Parameters(paramLabel = "FILE", description = "the policy, TOML or JSON; - for standard input")
    private String file = "";

    @Option(
            names = "--cases",
            paramLabel = "CASES",
            description = "a TOML file of [[case]] tables: what is asked, and whether it is to be allowed")
    private Optional<String> cases = Optional.empty();

    @Option(names = "--strict", description = "a warning fails, too")
    private boolean strict;

    @Option(names = "--json", description = "print the result as one JSON object")
    private boolean json;

    PolicyCheckVerb(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        PolicyFile read = PolicyFile.read(file, terminal);
        List<PolicyCase> asked =
                cases.map(name -> PolicyCase.read(name, terminal)).orElse(List.of());
        List<Finding> errors = List.of();
        Optional<Policy> policy = Optional.empty();
        try {
            policy = Optional.of(PolicyDocument.readNew(read.document()));
        } catch (PolicyException e) {
            errors = e.findings();
        }
        List<Finding> warnings = policy.map(good -> PolicyReview.warnings(good)).orElse(List.of());
        ObjectNode result = JSON.createObjectNode()
                .put("file", file)
                .put("valid", policy.isPresent())
                .put("rules", policy.map(good -> good.rules().size()).orElse(0));
        findings(result.putArray("errors"), read, errors);
        findings(result.putArray("warnings"), read, warnings);
        ArrayNode answers = result.putArray("cases");
        int failed = policy.map(good -> decide(good, asked, answers)).orElse(asked.size());
        result.put("failed", failed);
        if (json) {
            terminal.out().println(result);
        } else {
            print(terminal.out(), result, asked.size());
        }
        boolean fails = !errors.isEmpty() || failed > 0 || (strict && !warnings.isEmpty());
        return fails ? Exit.FAILED : Exit.DONE;
    }

    private static void findings(ArrayNode into, PolicyFile read, List<Finding> findings) {
        findings.forEach(finding -> into.addObject()
                .put("path", read.place(finding))
                .put("pointer", finding.pointer())
                .put("detail", read.words(finding)));
    }

    /** How many do not hold. */
    private static int decide(Policy policy, List<PolicyCase> cases, ArrayNode into) {
        int failed = 0;
        for (int i = 0; i < cases.size(); i++) {
            PolicyCase each = cases.get(i);
            Explanation answer = each.ask(policy);
            boolean holds = each.holds(answer);
            failed += holds ? 0 : 1;
            ObjectNode row = into.addObject()
                    .put("case", i + 1)
                    .put("name", each.name())
                    .put("device", each.subject().device().value())
                    .put(each.publishes() ? "publish" : "subscribe", each.topic())
                    .put("qos", each.qos())
                    .put("expect", each.allow() ? "allow" : "deny");
            each.rule().ifPresent(number -> row.put("expectRule", number));
            if (each.publishes()) {
                row.put("retain", each.retain());
            }
            row.put("got", answer.allowed() ? "allow" : "deny");
            if (answer.allowed()) {
                row.put("rule", answer.rule());
            }
            row.put("passed", holds);
            answer.whyNot().forEach(row.putArray("whyNot")::add);
        }
        return failed;
    }

    private void print(PrintStream out, ObjectNode result, int asked) {
        result.path("errors").forEach(finding -> out.println("error: " + line(finding)));
        result.path("warnings").forEach(finding -> out.println("warning: " + line(finding)));
        if (!result.path("valid").asBoolean()) {
            out.println(file + " is not a policy" + (asked == 0 ? "" : "; no case was tried"));
            return;
        }
        int rules = result.path("rules").asInt();
        out.println(file + " is a policy of " + (rules == 1 ? "1 rule" : rules + " rules"));
        if (asked == 0) {
            return;
        }
        Table table = new Table("case", "expect", "got", "rule", "device", "does", "topic", "qos", "name");
        result.path("cases").forEach(row -> {
            String does = row.has("publish") ? "publish" : "subscribe";
            ObjectNode shown = row.deepCopy();
            table.add(shown.put("does", does).set("topic", row.path(does)));
        });
        table.print(out);
        result.path("cases").forEach(row -> {
            if (!row.path("passed").asBoolean()) {
                out.println("case " + row.path("case").asInt() + " FAILED: expected "
                        + row.path("expect").asText()
                        + (row.has("expectRule")
                                ? " by rule " + row.path("expectRule").asInt()
                                : "")
                        + (row.has("rule")
                                ? ", and rule " + row.path("rule").asInt() + " allows it"
                                : ", and it is refused"));
                row.path("whyNot").forEach(why -> out.println("  " + why.asText()));
            }
        });
        out.println(asked + (asked == 1 ? " case, " : " cases, ")
                + result.path("failed").asInt() + " failed");
    }

    private String line(JsonNode finding) {
        String path = finding.path("path").asText();
        return file + ": " + (path.isEmpty() ? "" : path + ": ")
                + finding.path("detail").asText();
    }
}

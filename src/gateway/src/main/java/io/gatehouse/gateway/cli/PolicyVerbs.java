package io.gatehouse.gateway.cli;

import static io.gatehouse.gateway.cli.AdminOptions.encoded;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatehouse.gateway.rest.Reply;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "policy", description = "which topics a fleet may use; what no rule allows is refused")
final class PolicyVerbs {
    private final Terminal terminal;

    PolicyVerbs(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(description = "the rules of a fleet")
    int show(@Mixin AdminOptions admin, @Parameters(paramLabel = "FLEET") String fleet) {
        Reply reply = admin.client(terminal).get(path(fleet));
        admin.show(reply, terminal.out(), out -> {
            JsonNode rules = reply.json().path("rules");
            if (rules.isEmpty()) {
                out.println("no rules: nothing is allowed");
            }
            rules.forEach(rule -> out.println(PolicyToml.rule(rule)));
        });
        return Exit.DONE;
    }

    @Command(description = "replace the rules of a fleet; connected devices have them at once")
    int set(
            @Mixin AdminOptions admin,
            @Parameters(paramLabel = "FLEET") String fleet,
            @Parameters(paramLabel = "FILE", description = "TOML or JSON; - for standard input") String file) {
        Map<String, Object> policy = PolicyFile.checked(file, terminal);
        Reply reply = admin.client(terminal).send("PUT", path(fleet), policy);
        admin.show(reply, terminal.out(), out -> out.println("fleet " + fleet + " has the new rules"));
        return Exit.DONE;
    }

    /** One of the two. */
    static final class Question {
        @Option(
                names = "--publish",
                paramLabel = "TOPIC",
                required = true,
                description = "may it publish to this topic?")
        private Optional<String> publish = Optional.empty();

        @Option(
                names = "--subscribe",
                paramLabel = "FILTER",
                required = true,
                description = "may it subscribe to this?")
        private Optional<String> subscribe = Optional.empty();
    }

    @Command(description = "whether a device, in whatever state, may use a topic: by which rule, or why not")
    int explain(
            @Mixin AdminOptions admin,
            @Option(names = "--device", paramLabel = "DEVICE", required = true, description = "the device's id")
                    String device,
            @ArgGroup(multiplicity = "1") Question question,
            @Option(names = "--qos", paramLabel = "N", description = "with this QoS (default: 0)")
                    Optional<Integer> qos,
            @Option(
                            names = "--retain",
                            description = "as a retained message (default: retained or not); with --publish")
                    boolean retain) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("device", device);
        question.publish.ifPresent(topic -> body.put("publish", topic));
        question.subscribe.ifPresent(filter -> body.put("subscribe", filter));
        qos.ifPresent(value -> body.put("qos", value));
        if (retain) {
            body.put("retain", true);
        }
        Reply reply = admin.client(terminal).post("/api/v1/policy/explain", body);
        admin.show(reply, terminal.out(), out -> explained(out, device, reply.json()));
        return Exit.DONE;
    }

    private static void explained(PrintStream out, String device, JsonNode answer) {
        if (answer.path("allowed").asBoolean()) {
            String number = answer.path("number").asText("");
            out.println("allowed by " + (number.isEmpty() ? "this rule" : "rule " + number) + " of fleet "
                    + answer.path("fleet").asText("") + ":");
            out.println(PolicyToml.rule(answer.path("rule")));
        } else {
            out.println("refused (topic-not-allowed): no rule of its fleet allows it");
            answer.path("whyNot").forEach(why -> out.println("  " + why.asText()));
        }
        String state = answer.path("state").asText("active");
        String fleetState = answer.path("fleetState").asText("active");
        if (!state.equals("active")) {
            out.println("note: the device " + device + " is " + state + " and cannot connect");
        } else if (!fleetState.equals("active")) {
            out.println("note: its fleet is " + fleetState + ", so that it cannot connect");
        }
    }

    private static String path(String fleet) {
        return "/api/v1/fleets/" + encoded(fleet) + "/policy";
    }
}

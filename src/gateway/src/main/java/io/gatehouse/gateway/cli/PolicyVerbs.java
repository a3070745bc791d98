package io.gatehouse.gateway.cli;

import static io.gatehouse.gateway.cli.AdminOptions.encoded;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatehouse.gateway.rest.Reply;
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
        Reply reply = admin.client(terminal).send("PUT", path(fleet), PolicyFile.read(file, terminal));
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

    @Command(description = "whether a device may use a topic, and by which rule")
    int explain(
            @Mixin AdminOptions admin,
            @Option(names = "--device", paramLabel = "DEVICE", required = true, description = "the device's id")
                    String device,
            @ArgGroup(multiplicity = "1") Question question) {
        Map<String, String> body = question.publish
                .map(topic -> Map.of("device", device, "publish", topic))
                .orElseGet(() -> Map.of("device", device, "subscribe", question.subscribe.orElse("")));
        Reply reply = admin.client(terminal).post("/api/v1/policy/explain", body);
        admin.show(reply, terminal.out(), out -> {
            if (reply.json().path("allowed").asBoolean()) {
                out.println("allowed by this rule of fleet "
                        + reply.json().path("fleet").asText("") + ":");
                out.println(PolicyToml.rule(reply.json().path("rule")));
            } else {
                out.println("refused (topic-not-allowed): no rule of its fleet allows it");
            }
        });
        return Exit.DONE;
    }

    private static String path(String fleet) {
        return "/api/v1/fleets/" + encoded(fleet) + "/policy";
    }
}

package io.gatehouse.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatehouse.gateway.rest.Reply;
import java.io.PrintStream;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "restoration",
        description = "after a restore: which brokers have said what they knew, and what is lost")
final class RestorationVerbs {
    private static final String RESTORATION = "/api/v1/restoration";

    private final Terminal terminal;

    RestorationVerbs(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(description = "how it stands")
    int show(@Mixin AdminOptions admin) {
        Reply reply = admin.client(terminal).get(RESTORATION);
        admin.show(reply, terminal.out(), out -> tell(reply.json(), out));
        return Exit.DONE;
    }

    @Command(description = "ask no broker any more: those that have not spoken get the directory as it is now")
    int finish(@Mixin AdminOptions admin) {
        Reply reply = admin.client(terminal).post(RESTORATION + "/finish", Map.of());
        admin.show(reply, terminal.out(), out -> tell(reply.json(), out));
        return Exit.DONE;
    }

    /** What is lost in full sentences, each on its line: a table would cut them. */
    private static void tell(JsonNode standing, PrintStream out) {
        ObjectNode facts = standing.deepCopy();
        JsonNode lost = facts.remove("lost");
        Details.print(facts, out);
        out.println("lost:");
        if (lost != null) {
            lost.forEach(sentence -> out.println("- " + sentence.asText()));
        }
    }
}

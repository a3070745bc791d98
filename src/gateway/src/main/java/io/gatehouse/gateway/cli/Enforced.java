package io.gatehouse.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatehouse.gateway.rest.Reply;
import java.util.ArrayList;
import java.util.List;

/** What a revocation did at the brokers, told to a person; a broker that is away makes the verb fail. */
final class Enforced {
    private static final int NOT_EVERYWHERE = 202;

    private Enforced() {}

    static int tell(AdminOptions admin, Reply reply, String done, Terminal terminal) {
        admin.show(reply, terminal.out(), out -> out.println(done + ": " + sessions(reply.json())));
        if (reply.status() != NOT_EVERYWHERE) {
            return Exit.DONE;
        }
        List<String> away = brokers(reply.json(), "away");
        terminal.err()
                .println("gatehouse: broker " + String.join(", ", away)
                        + " is away and may still hold a session; it ends that as soon as it hears of this");
        return Exit.FAILED;
    }

    private static String sessions(JsonNode body) {
        int sessions = body.path("sessions").asInt();
        String closed = sessions == 1 ? "1 session closed" : sessions + " sessions closed";
        List<String> brokers = brokers(body, "enforced");
        return brokers.isEmpty()
                ? closed
                : closed + " after " + body.path("millis").asText() + " ms on " + String.join(", ", brokers);
    }

    private static List<String> brokers(JsonNode body, String state) {
        List<String> names = new ArrayList<>();
        for (JsonNode broker : body.path("brokers")) {
            if (broker.path("state").asText().equals(state)) {
                names.add(broker.path("broker").asText());
            }
        }
        return names;
    }
}

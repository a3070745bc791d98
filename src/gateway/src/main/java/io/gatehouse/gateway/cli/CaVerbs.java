package io.gatehouse.gateway.cli;

import static io.gatehouse.gateway.cli.AdminOptions.encoded;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatehouse.gateway.rest.Reply;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "ca", description = "the authorities, their revocation lists, and the rotation of the devices CA")
final class CaVerbs {
    private static final String CA = "/api/v1/ca";

    private final Terminal terminal;

    CaVerbs(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(description = "all authorities, and how far a rotation is")
    int show(@Mixin AdminOptions admin) {
        return tell(admin, admin.client(terminal).get(CA));
    }

    @Command(description = "the revocation lists as they are published now")
    int crl(@Mixin AdminOptions admin) {
        Reply reply = admin.client(terminal).get(CA);
        admin.show(
                reply,
                terminal.out(),
                out -> new Table("name", "crl/number", "crl/entries", "crl/thisUpdate", "crl/nextUpdate", "crl/url")
                        .addAll(reply.json().path("authorities"))
                        .print(out));
        return Exit.DONE;
    }

    @Command(
            name = "take-over",
            description = "let the devices CA that waits issue from now on; by itself it does so when every broker"
                    + " trusts it")
    int takeOver(
            @Mixin AdminOptions admin,
            @Option(
                            names = "--without",
                            paramLabel = "BROKER",
                            split = ",",
                            description =
                                    "do not wait for this one: it refuses new certificates until it has caught up")
                    @Nullable
                    List<String> without) {
        Map<String, Object> body = Map.of("without", without == null ? List.of() : without);
        return tell(admin, admin.client(terminal).post(CA + "/take-over", body));
    }

    @Command(
            description =
                    "let brokers trust an older devices CA no more; by itself it retires when no live certificate of"
                            + " it is left")
    int retire(
            @Mixin AdminOptions admin,
            @Parameters(paramLabel = "NAME", description = "such as devices, as `ca show` names it") String name,
            @Option(
                            names = "--even-with-live",
                            description = "although certificates of it are live: their devices cannot connect until"
                                    + " they have renewed")
                    boolean evenWithLive) {
        Map<String, Object> body = Map.of("evenWithLive", evenWithLive);
        return tell(admin, admin.client(terminal).post(CA + "/" + encoded(name) + "/retire", body));
    }

    private int tell(AdminOptions admin, Reply reply) {
        admin.show(reply, terminal.out(), out -> print(reply.json(), out));
        return Exit.DONE;
    }

    static void print(JsonNode ca, PrintStream out) {
        new Table("name", "state", "since", "notAfter", "live", "sha256")
                .addAll(ca.path("authorities"))
                .print(out);
        out.println("root keys: " + ca.path("rootKeys").asText());
        JsonNode waiting = ca.path("waiting");
        if (waiting.isObject()) {
            List<String> brokers = new ArrayList<>();
            waiting.path("brokers").forEach(broker -> brokers.add(broker.asText()));
            out.println(waiting.path("name").asText()
                    + (brokers.isEmpty()
                            ? " takes over in a moment"
                            : " waits until these brokers trust it: " + String.join(", ", brokers)));
        }
        for (JsonNode authority : ca.path("authorities")) {
            if (authority.path("state").asText().equals("older")
                    && authority.path("live").asLong() > 0) {
                out.println(authority.path("name").asText() + " retires when its "
                        + authority.path("live").asLong()
                        + " live certificates have ended or were renewed; to hasten that, for each fleet:"
                        + " gatehouse fleet reissue FLEET --within 6h");
            }
        }
    }
}

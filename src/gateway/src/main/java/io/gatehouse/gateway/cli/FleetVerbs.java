package io.gatehouse.gateway.cli;

import static io.gatehouse.gateway.cli.AdminOptions.encoded;

import io.gatehouse.enrollment.config.ConfigException;
import io.gatehouse.gateway.rest.Reply;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "fleet", description = "fleets: what devices of one kind have in common")
final class FleetVerbs {
    private static final String FLEETS = "/api/v1/fleets";

    private final Terminal terminal;

    FleetVerbs(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(description = "make a fleet")
    int create(
            @Mixin AdminOptions admin,
            @Parameters(paramLabel = "FLEET", description = "1 to 64 of a-z 0-9 -") String name,
            @Option(names = "--kind", paramLabel = "KIND", description = "device (default) or application")
                    Optional<String> kind,
            @Mixin FleetOptions options) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", name);
        kind.ifPresent(value -> body.put("kind", value));
        body.putAll(options.body(terminal));
        Reply reply = admin.client(terminal).post(FLEETS, body);
        admin.show(reply, terminal.out(), out -> out.println("fleet " + name + " made"));
        return Exit.DONE;
    }

    @Command(description = "all fleets")
    int list(@Mixin ListOptions options) {
        return options.list(terminal, FLEETS, "name", "kind", "state", "certificate/lifetime", "sessions/max");
    }

    @Command(description = "one fleet")
    int show(@Mixin AdminOptions admin, @Parameters(paramLabel = "FLEET") String name) {
        Reply reply = admin.client(terminal).get(FLEETS + "/" + encoded(name));
        admin.show(reply, terminal.out(), out -> Details.print(reply.json(), out));
        return Exit.DONE;
    }

    @Command(
            description = "change a fleet: what is not named stays as it is",
            footer = "What is already issued stays good until it ends; new certificates follow the new rules.")
    int set(
            @Mixin AdminOptions admin,
            @Parameters(paramLabel = "FLEET") String name,
            @Mixin FleetOptions options,
            @Option(names = "--no-factory", description = "take no factory certificates any more") boolean noFactory) {
        Map<String, Object> body = noFactory ? options.bodyWithoutFactory(terminal) : options.body(terminal);
        if (body.isEmpty()) {
            throw new ConfigException("command line", "", "", "name what is to change, such as --lifetime");
        }
        Reply reply = admin.client(terminal).send("PATCH", FLEETS + "/" + encoded(name), body);
        admin.show(reply, terminal.out(), out -> out.println("fleet " + name + " changed"));
        return Exit.DONE;
    }

    @Command(description = "close the door for a whole fleet: its sessions end, nobody of it connects or enrolls")
    int suspend(@Mixin AdminOptions admin, @Parameters(paramLabel = "FLEET") String name) {
        return act(admin, name, "suspend", "suspended");
    }

    @Command(description = "let a suspended fleet in again")
    int resume(@Mixin AdminOptions admin, @Parameters(paramLabel = "FLEET") String name) {
        return act(admin, name, "resume", "active again");
    }

    @Command(
            description = "order every device of a fleet to renew its certificate, spread over some time",
            footer = "fleet show tells how far it has come. Devices hear of it when they next ask the service.")
    int reissue(
            @Mixin AdminOptions admin,
            @Parameters(paramLabel = "FLEET") String name,
            @Option(
                            names = "--within",
                            required = true,
                            paramLabel = "DURATION",
                            description = "such as 6h, 30m, 2d, or ISO 8601 (PT6H)")
                    String within) {
        Reply reply = admin.client(terminal)
                .post(FLEETS + "/" + encoded(name) + "/reissue", Map.of("within", Durations.iso(within)));
        admin.show(
                reply,
                terminal.out(),
                out -> out.println(reply.json().path("left").asLong() + " certificates of fleet " + name
                        + " are to be renewed by " + reply.json().path("until").asText()));
        return Exit.DONE;
    }

    private int act(AdminOptions admin, String name, String action, String done) {
        Reply reply = admin.client(terminal).post(FLEETS + "/" + encoded(name) + "/" + action, Map.of());
        admin.show(reply, terminal.out(), out -> out.println("fleet " + name + " is " + done));
        return Exit.DONE;
    }
}

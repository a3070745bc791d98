package io.gatehouse.gateway.cli;

import static io.gatehouse.gateway.cli.AdminOptions.encoded;

import io.gatehouse.gateway.rest.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "device", description = "devices: who is known, and who is no longer let in")
final class DeviceVerbs {
    private static final String DEVICES = "/api/v1/devices";

    private final Terminal terminal;

    DeviceVerbs(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(description = "all devices, or some")
    int list(
            @Mixin ListOptions options,
            @Option(names = "--fleet", paramLabel = "FLEET", description = "of this fleet") Optional<String> fleet,
            @Option(names = "--state", paramLabel = "STATE", description = "in this state") Optional<String> state,
            @Option(names = "--q", paramLabel = "TEXT", description = "whose id holds this") Optional<String> text,
            @Option(names = "--connected", description = "with a live session") boolean connected) {
        List<String> parameters = new ArrayList<>();
        fleet.ifPresent(value -> parameters.add("fleet=" + encoded(value)));
        state.ifPresent(value -> parameters.add("state=" + encoded(value)));
        text.ifPresent(value -> parameters.add("q=" + encoded(value)));
        if (connected) {
            parameters.add("connected=true");
        }
        return options.list(terminal, DEVICES, parameters, "id", "fleet", "state");
    }

    @Command(description = "one device with its certificates and sessions")
    int show(@Mixin AdminOptions admin, @Parameters(paramLabel = "DEVICE") String device) {
        Reply reply = admin.client(terminal).get(path(device));
        admin.show(reply, terminal.out(), out -> Details.print(reply.json(), out));
        return Exit.DONE;
    }

    @Command(description = "shut a device out for a while; its certificates are held, its session is kept")
    int suspend(@Mixin AdminOptions admin, @Parameters(paramLabel = "DEVICE") String device) {
        return act(admin, device, "suspend", "suspended");
    }

    @Command(description = "let a suspended device in again")
    int resume(@Mixin AdminOptions admin, @Parameters(paramLabel = "DEVICE") String device) {
        return act(admin, device, "resume", "active again");
    }

    @Command(description = "revoke all certificates of a device, end its sessions, throw away what is queued for it")
    int revoke(
            @Mixin AdminOptions admin,
            @Parameters(paramLabel = "DEVICE") String device,
            @Mixin RevocationOptions options) {
        Reply reply = admin.client(terminal).post(path(device) + "/revoke", options.body());
        return Enforced.tell(admin, reply, "device " + device + " is revoked", terminal);
    }

    @Command(
            description =
                    "after a revocation: let the key that the device has enroll once more; what is revoked stays so")
    int reinstate(@Mixin AdminOptions admin, @Parameters(paramLabel = "DEVICE") String device) {
        return act(admin, device, "reinstate", "reinstated: its key may enroll once more");
    }

    @Command(description = "take a device out of service for good; its id is never used again")
    int decommission(@Mixin AdminOptions admin, @Parameters(paramLabel = "DEVICE") String device) {
        return act(admin, device, "decommission", "decommissioned");
    }

    private int act(AdminOptions admin, String device, String action, String done) {
        Reply reply = admin.client(terminal).post(path(device) + "/" + action, Map.of());
        admin.show(reply, terminal.out(), out -> out.println("device " + device + " is " + done));
        return Exit.DONE;
    }

    private static String path(String device) {
        return DEVICES + "/" + encoded(device);
    }
}

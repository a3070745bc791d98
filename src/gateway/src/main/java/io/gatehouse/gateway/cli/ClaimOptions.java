package io.gatehouse.gateway.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Whom a claim is for, and how often it can be used. */
final class ClaimOptions {
    @Option(names = "--device", paramLabel = "DEVICE", description = "the id of the one device that it is for")
    private Optional<String> device = Optional.empty();

    @Option(names = "--uses", paramLabel = "N", description = "for how many new devices, without --device (1)")
    private Optional<Integer> uses = Optional.empty();

    @Option(names = "--ttl", paramLabel = "DURATION", description = "how long it can be used, ISO 8601 (PT1H)")
    private Optional<String> ttl = Optional.empty();

    @Option(
            names = "--allow",
            paramLabel = "GLOB",
            description = "only for ids like this, * standing for any characters; may be given more than once")
    private List<String> allow = List.of();

    @Option(names = "--approval", description = "a person must approve each request (`pending approve`)")
    private boolean approval;

    @Option(
            names = "--public-key",
            paramLabel = "HEX",
            description = "only for the key whose SubjectPublicKeyInfo has this SHA-256")
    private Optional<String> publicKey = Optional.empty();

    @Option(
            names = "--secret-sha256",
            paramLabel = "HEX",
            description = "the SHA-256 of a secret that the device made itself; none is shown then")
    private Optional<String> secretSha256 = Optional.empty();

    Map<String, Object> body(String fleet) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("fleet", fleet);
        device.ifPresent(value -> body.put("device", value));
        uses.ifPresent(value -> body.put("uses", value));
        ttl.ifPresent(value -> body.put("ttl", value));
        if (!allow.isEmpty()) {
            body.put("allowedIds", allow);
        }
        if (approval) {
            body.put("approval", true);
        }
        publicKey.ifPresent(value -> body.put("publicKey", value));
        secretSha256.ifPresent(value -> body.put("secretSha256", value));
        return body;
    }

    boolean secretIsTheDevices() {
        return secretSha256.isPresent();
    }

    /** For whom it is, for a person. */
    String whom(String fleet) {
        return device.orElseGet(() -> {
            int many = uses.orElse(1);
            return (many == 1 ? "1 new device" : many + " new devices") + " of " + fleet;
        });
    }
}

package io.gatehouse.gateway.cli;

import io.gatehouse.enrollment.config.ConfigException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What a fleet is made of, at its making and when it is changed. */
final class FleetOptions {
    @Option(names = "--lifetime", paramLabel = "DURATION", description = "of certificates, ISO 8601 (P90D)")
    private Optional<String> lifetime = Optional.empty();

    @Option(
            names = "--keys",
            paramLabel = "KIND",
            split = ",",
            description = "keys that it accepts, of P-256, P-384, P-521, Ed25519, RSA-2048, RSA-3072, RSA-4096;"
                    + " of RSA, that size or larger (P-256,P-384,P-521,Ed25519,RSA-2048)")
    private List<String> keys = List.of();

    @Option(names = "--sessions-max", paramLabel = "N", description = "sessions of one device at a time (1)")
    private Optional<Integer> sessionsMax = Optional.empty();

    @Option(names = "--policy", paramLabel = "FILE", description = "its topics, TOML or JSON; - for standard input")
    private Optional<String> policy = Optional.empty();

    @Option(
            names = "--expired-grace",
            paramLabel = "DURATION",
            description = "how long after its end a certificate may still be renewed, ISO 8601 (PT0S: not at all)")
    private Optional<String> expiredGrace = Optional.empty();

    @Option(
            names = "--factory-anchors",
            paramLabel = "FILE",
            description =
                    "take factory certificates (IEEE 802.1AR) of these makers' authorities, PEM; - for standard input")
    private Optional<String> anchors = Optional.empty();

    @Option(
            names = "--factory-id",
            paramLabel = "WHERE",
            description = "where in a factory certificate's subject the device's id stands: serial-number (default) or"
                    + " common-name")
    private Optional<String> id = Optional.empty();

    @Option(
            names = "--factory-accept-expired",
            paramLabel = "BOOL",
            arity = "0..1",
            fallbackValue = "true",
            description = "take factory certificates that have expired, too (false)")
    private Optional<Boolean> acceptExpired = Optional.empty();

    /** The members that were given, as the REST interface has them. */
    Map<String, Object> body(Terminal terminal) {
        Map<String, Object> factory = new LinkedHashMap<>();
        anchors.ifPresent(file -> factory.put("anchors", TextInput.read(file, terminal)));
        id.ifPresent(where -> factory.put("id", camelCase(where)));
        acceptExpired.ifPresent(value -> factory.put("acceptExpired", value));
        Map<String, Object> enrollment = new LinkedHashMap<>();
        if (!factory.isEmpty()) {
            enrollment.put("factory", factory);
        }
        return body(terminal, enrollment);
    }

    /** The same, and the rule for factory certificates goes away. */
    Map<String, Object> bodyWithoutFactory(Terminal terminal) {
        if (anchors.isPresent() || id.isPresent() || acceptExpired.isPresent()) {
            throw new ConfigException("command line", "--no-factory", "", "not together with --factory-...");
        }
        Map<String, Object> enrollment = new LinkedHashMap<>();
        enrollment.put("factory", null);
        return body(terminal, enrollment);
    }

    private Map<String, Object> body(Terminal terminal, Map<String, Object> enrollment) {
        Map<String, Object> certificate = new LinkedHashMap<>();
        lifetime.ifPresent(value -> certificate.put("lifetime", value));
        if (!keys.isEmpty()) {
            certificate.put("keys", keys);
        }
        expiredGrace.ifPresent(value -> enrollment.put("expiredGrace", value));
        Map<String, Object> body = new LinkedHashMap<>();
        if (!certificate.isEmpty()) {
            body.put("certificate", certificate);
        }
        sessionsMax.ifPresent(value -> body.put("sessions", Map.of("max", value)));
        if (!enrollment.isEmpty()) {
            body.put("enrollment", enrollment);
        }
        policy.ifPresent(file -> body.put("policy", PolicyFile.checked(file, terminal)));
        return body;
    }

    private static String camelCase(String where) {
        return switch (where) {
            case "serial-number" -> "serialNumber";
            case "common-name" -> "commonName";
            default -> where; // the service says what is allowed
        };
    }
}

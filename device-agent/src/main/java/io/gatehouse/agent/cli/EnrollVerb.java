package io.gatehouse.agent.cli;

import io.gatehouse.agent.Attempt;
import io.gatehouse.agent.ExitCode;
import io.gatehouse.agent.config.AgentSettings;
import io.gatehouse.agent.config.ConfigException;
import io.gatehouse.agent.config.Setting;
import io.gatehouse.agent.service.EnrollmentClient;
import io.gatehouse.agent.task.Enroll;
import io.gatehouse.x509.Pem;
import io.gatehouse.x509.der.MalformedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code enroll}. */
@Command(
        name = "enroll",
        description = {
            "Makes a key and gets the device's certificate with a claim's secret.",
            "Run again after an interruption: it goes on with the same key."
        })
final class EnrollVerb extends Verb {
    private static final int LONGEST_SECRET = 4096;

    @Option(names = "--url", paramLabel = "https://HOST:PORT", description = "The enrollment service.")
    private @Nullable String url;

    @Option(names = "--ca", paramLabel = "FILE", description = "The services root (trust.pem).")
    private @Nullable String ca;

    @Option(
            names = "--ca-fingerprint",
            paramLabel = "sha256:HEX",
            description = "In place of --ca: the fingerprint of the services root.")
    private @Nullable String caFingerprint;

    @Option(
            names = "--device",
            paramLabel = "ID",
            description = "Who this device is; or auto:machine-id, auto:file:PATH.")
    private @Nullable String device;

    @Option(names = "--fleet", paramLabel = "NAME", description = "The fleet, when the service is to check it.")
    private @Nullable String fleet;

    @Option(
            names = "--claim-file",
            paramLabel = "FILE",
            description = "The file with the claim's secret; - for standard input.")
    private @Nullable String claimFile;

    @Option(
            names = "--again",
            description = "Enroll with a new key although there is an identity: after a revocation, with a new claim.")
    private boolean again;

    EnrollVerb(Streams streams) {
        super(streams);
    }

    @Override
    Map<Setting, String> options() {
        var options = new EnumMap<Setting, String>(Setting.class);
        put(options, Setting.URL, url);
        put(options, Setting.CA, ca);
        put(options, Setting.CA_FINGERPRINT, caFingerprint);
        put(options, Setting.DEVICE, device);
        put(options, Setting.FLEET, fleet);
        put(options, Setting.CLAIM_FILE, claimFile);
        return options;
    }

    private static void put(Map<Setting, String> options, Setting setting, @Nullable String value) {
        if (value != null) {
            options.put(setting, value);
        }
    }

    @Override
    int run(AgentSettings settings) throws ConfigException, IOException {
        var order = order(settings);
        var store = CommonOptions.store(settings);
        try (var lock = store.lock().orElse(null)) {
            if (lock == null) {
                streams.err().println("gatehouse-agent: another agent is changing " + settings.state());
                return ExitCode.TRANSIENT.code();
            }
            var done = new Enroll(store, streams.clock(), EnrollmentClient.DEADLINE).run(order);
            if (done instanceof Attempt.Failed<Enroll.Enrolled> failed) {
                return streams.say(failed.why());
            }
            done.result().ifPresent(this::tell);
            return ExitCode.DONE.code();
        }
    }

    private void tell(Enroll.Enrolled enrolled) {
        var generation = enrolled.generation();
        streams.out()
                .println((enrolled.already() ? "already enrolled as " : "enrolled as ")
                        + generation.purpose().device() + ", certificate valid until "
                        + generation.certificate().getNotAfter().toInstant());
    }

    private Enroll.Order order(AgentSettings settings) throws ConfigException, IOException {
        return new Enroll.Order(
                needed(settings.url(), Setting.URL),
                pin(settings),
                needed(settings.device(), Setting.DEVICE),
                settings.fleet(),
                secret(needed(settings.claimFile(), Setting.CLAIM_FILE)),
                again);
    }

    private static <T> T needed(Optional<T> value, Setting setting) throws ConfigException {
        return value.orElseThrow(() -> new ConfigException("--" + setting.key() + " is needed (or " + setting.key()
                + " in the configuration): " + setting.allowed()));
    }

    private static Enroll.Pin pin(AgentSettings settings) throws ConfigException {
        if (settings.caFingerprint().isPresent()) {
            return new Enroll.Pin.ByFingerprint(settings.caFingerprint().get());
        }
        var file = needed(settings.ca(), Setting.CA);
        try {
            return new Enroll.Pin.Roots(Pem.certificates(Files.readString(file, StandardCharsets.US_ASCII)));
        } catch (IOException e) {
            throw new ConfigException("option --ca", "ca", file.toString(), "a file that can be read");
        } catch (MalformedException e) {
            throw new ConfigException(
                    "option --ca", "ca", file.toString(), "a PEM file of certificates: " + e.getMessage());
        }
    }

    /** The secret in the file or on standard input: one line of printable characters. Never part of a message. */
    private String secret(String file) throws ConfigException, IOException {
        byte[] bytes;
        if (file.equals("-")) {
            bytes = line(streams.in());
        } else {
            try (var in = Files.newInputStream(Path.of(file))) {
                bytes = line(in);
            } catch (IOException e) {
                throw new ConfigException("option --claim-file", "claim-file", file, "a file that can be read, or -");
            }
        }
        var secret = new String(bytes, StandardCharsets.UTF_8).strip();
        if (secret.isEmpty() || secret.chars().anyMatch(c -> c < ' ' || c > '~')) {
            throw new ConfigException("the claim's secret in " + file + " is not one line of printable characters");
        }
        return secret;
    }

    private static byte[] line(InputStream in) throws IOException {
        var bytes = new ByteArrayOutputStream();
        for (var octet = in.read(); octet >= 0 && octet != '\n' && bytes.size() < LONGEST_SECRET; octet = in.read()) {
            bytes.write(octet);
        }
        return bytes.toByteArray();
    }
}

package io.gatehouse.agent.config;

import com.electronwill.nightconfig.core.UnmodifiableConfig;
import com.electronwill.nightconfig.core.io.ParsingException;
import com.electronwill.nightconfig.toml.TomlParser;
import io.gatehouse.agent.mqtt.BrokerAddress;
import io.gatehouse.agent.service.ServiceAddress;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.FleetName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads the settings: the file, then {@code conf.d/*.toml} beside it in the order of their names, then {@code GATEHOUSE_AGENT_*}, then the
 * options; the later wins. An unknown key is an error.
 */
public final class SettingsReader {
    static final String PREFIX = "GATEHOUSE_AGENT_";

    private static final Path DEFAULT_FILE = Path.of("/etc/gatehouse/agent.toml");
    private static final long LARGEST = 256 * 1024;

    private final Map<Setting, Value> values = new EnumMap<>(Setting.class);

    private record Value(String where, String text) {}

    /**
     * The settings from all four sources.
     *
     * @param file the file that was asked for; it must exist then
     * @param options by setting, as given on the command line
     */
    public static AgentSettings read(Optional<Path> file, Map<String, String> environment, Map<Setting, String> options)
            throws ConfigException {
        var reader = new SettingsReader();
        reader.files(file);
        reader.environment(environment);
        options.forEach((setting, text) -> reader.values.put(setting, new Value("option --" + setting.key(), text)));
        return reader.validated();
    }

    private void files(Optional<Path> asked) throws ConfigException {
        var file = asked.orElse(DEFAULT_FILE);
        if (asked.isPresent() || Files.exists(file)) {
            file(file);
        }
        var directory = file.resolveSibling("conf.d");
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (var found = Files.list(directory)) {
            for (var each : found.filter(name -> name.toString().endsWith(".toml"))
                    .sorted()
                    .toList()) {
                file(each);
            }
        } catch (IOException e) {
            throw new ConfigException(directory + " cannot be read");
        }
    }

    private void file(Path file) throws ConfigException {
        String text;
        try {
            if (Files.size(file) > LARGEST) {
                throw new ConfigException(file + " is larger than " + LARGEST + " bytes");
            }
            text = Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new ConfigException(file + " cannot be read");
        }
        UnmodifiableConfig parsed;
        try {
            parsed = new TomlParser().parse(text);
        } catch (ParsingException e) {
            throw new ConfigException(file + " is not TOML: " + e.getMessage());
        }
        for (var entry : parsed.entrySet()) {
            Object value = entry.getRawValue();
            var setting = Setting.ofKey(entry.getKey())
                    .orElseThrow(() -> new ConfigException(
                            file.toString(), entry.getKey(), "…", "no such key; known are " + keys()));
            if (!(value instanceof String of)) {
                throw new ConfigException(
                        file.toString(), entry.getKey(), String.valueOf(value), "a text: " + setting.allowed());
            }
            values.put(setting, new Value(file.toString(), of));
        }
    }

    private void environment(Map<String, String> environment) throws ConfigException {
        for (var entry : environment.entrySet()) {
            if (entry.getKey().startsWith(PREFIX)) {
                var setting = Setting.ofEnvironmentName(entry.getKey())
                        .orElseThrow(() -> new ConfigException(
                                "environment",
                                entry.getKey(),
                                "…",
                                "no such name; known are " + PREFIX + " and one of " + keys()));
                values.put(setting, new Value("environment", entry.getValue()));
            }
        }
    }

    private static String keys() {
        return Arrays.stream(Setting.values()).map(Setting::key).collect(Collectors.joining(" "));
    }

    private AgentSettings validated() throws ConfigException {
        if (values.containsKey(Setting.CA) && values.containsKey(Setting.CA_FINGERPRINT)) {
            throw new ConfigException(
                    values.get(Setting.CA_FINGERPRINT).where(),
                    Setting.CA_FINGERPRINT.key(),
                    text(Setting.CA_FINGERPRINT).orElse(""),
                    "only one of ca and ca-fingerprint");
        }
        return new AgentSettings(
                optional(Setting.URL, ServiceAddress::parse),
                optional(Setting.CA, SettingsReader::path),
                optional(Setting.CA_FINGERPRINT, SettingsReader::fingerprint),
                optional(Setting.DEVICE, SettingsReader::device),
                optional(Setting.FLEET, FleetName::parse),
                optional(Setting.CLAIM_FILE, text -> text.isEmpty() ? Optional.empty() : Optional.of(text)),
                optional(Setting.BROKER, BrokerAddress::parse),
                required(Setting.STATE, SettingsReader::path),
                required(Setting.KEEP_ALIVE, text -> duration(text, Duration.ofSeconds(5), Duration.ofHours(18))),
                required(Setting.SESSION_EXPIRY, text -> duration(text, Duration.ZERO, Duration.ofDays(365))),
                required(Setting.ASK_EVERY, text -> duration(text, Duration.ofSeconds(5), Duration.ofDays(7))));
    }

    private Optional<String> text(Setting setting) {
        return Optional.ofNullable(values.get(setting)).map(Value::text);
    }

    private <T> Optional<T> optional(Setting setting, Function<String, Optional<T>> parse) throws ConfigException {
        var value = values.get(setting);
        if (value == null) {
            return Optional.empty();
        }
        var parsed = parse.apply(value.text());
        if (parsed.isEmpty()) {
            throw new ConfigException(value.where(), setting.key(), value.text(), setting.allowed());
        }
        return parsed;
    }

    private <T> T required(Setting setting, Function<String, Optional<T>> parse) throws ConfigException {
        return optional(setting, parse)
                .or(() -> parse.apply(setting.byDefault()))
                .orElseThrow(() -> new IllegalStateException("the default of " + setting.key() + " is not valid"));
    }

    private static Optional<Path> path(String text) {
        return text.isBlank() || text.indexOf('\0') >= 0 ? Optional.empty() : Optional.of(Path.of(text));
    }

    private static Optional<Fingerprint> fingerprint(String text) {
        var hex = text.toLowerCase(Locale.ROOT).replaceFirst("^sha256:", "").replace(":", "");
        return hex.matches("[0-9a-f]{64}") ? Optional.of(Fingerprint.of(hex)) : Optional.empty();
    }

    private static Optional<Duration> duration(String text, Duration least, Duration most) {
        try {
            return Optional.of(Duration.parse(text))
                    .filter(duration -> duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** A device id, or where to find it on this machine. */
    private static Optional<DeviceId> device(String text) {
        if (text.equals("auto:machine-id")) {
            return firstLine(Path.of("/etc/machine-id")).flatMap(DeviceId::parse);
        }
        if (text.startsWith("auto:file:")) {
            return path(text.substring("auto:file:".length()))
                    .flatMap(SettingsReader::firstLine)
                    .flatMap(DeviceId::parse);
        }
        return DeviceId.parse(text);
    }

    private static Optional<String> firstLine(Path file) {
        try {
            if (Files.size(file) > 4096) {
                return Optional.empty();
            }
            List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
            return lines.isEmpty() ? Optional.empty() : Optional.of(lines.get(0).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}

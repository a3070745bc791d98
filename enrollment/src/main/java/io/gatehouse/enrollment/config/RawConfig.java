package io.gatehouse.enrollment.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** What a file (or the command line on top of it) says, key by key, each value already of its setting's type. */
record RawConfig(String file, Map<Setting<?>, Object> values) {
    private static final TypeReference<Map<String, Object>> TABLE = new TypeReference<>() {};

    RawConfig {
        values = Map.copyOf(values);
    }

    static RawConfig empty(String file) {
        return new RawConfig(file, Map.of());
    }

    static RawConfig parse(String file, String toml) {
        Map<String, Object> table;
        try {
            table = new TomlMapper().readValue(toml, TABLE);
        } catch (JsonProcessingException e) {
            String where =
                    e.getLocation() == null ? "" : " in line " + e.getLocation().getLineNr();
            throw new ConfigException(file, "", "", "not TOML" + where + ": " + firstLine(e.getOriginalMessage()));
        }
        Map<Setting<?>, Object> values = new LinkedHashMap<>();
        table.forEach((key, raw) -> {
            Setting<?> setting = known(file, key);
            values.put(setting, setting.fromFile(file, raw));
        });
        return new RawConfig(file, values);
    }

    /** These values, with those of the command line in their place. */
    RawConfig with(Map<Setting<?>, Object> others) {
        Map<Setting<?>, Object> merged = new LinkedHashMap<>(values);
        merged.putAll(others);
        return new RawConfig(file, merged);
    }

    <T> Optional<T> get(Setting<T> setting) {
        @SuppressWarnings("unchecked") // parse and the callers of with() put only what the setting itself read
        T value = (T) values.get(setting);
        return Optional.ofNullable(value).or(setting::fallback);
    }

    ServiceConfig validated() {
        ServiceConfig config = new ServiceConfig(
                need(Settings.HOSTS),
                need(Settings.BIND),
                need(Settings.TRUST_DOMAIN_NAME),
                need(Settings.ENROLL_PORT),
                need(Settings.ADMIN_PORT),
                need(Settings.ADMIN_BIND),
                need(Settings.PKI_PORT),
                need(Settings.MQTT_PORT),
                get(Settings.WSS_PORT).map(OptionalInt::of).orElseGet(OptionalInt::empty),
                need(Settings.MAX_STALE),
                need(Settings.SERVICE_HEAP),
                need(Settings.BROKER_HEAP),
                new Checkpointing(need(Settings.CHECKPOINT_ENTRIES), get(Settings.CHECKPOINTS_TO)),
                publicTls());
        if (!config.portsDiffer()) {
            throw new ConfigException(
                    file, "*-port", config.ports().toString(), "a different port for each of " + Settings.PORTS);
        }
        return config;
    }

    private Optional<PublicTls> publicTls() {
        var certificate = get(Settings.PUBLIC_CERTIFICATE);
        var key = get(Settings.PUBLIC_CERTIFICATE_KEY);
        if (certificate.isPresent() && key.isPresent()) {
            var port = get(Settings.PUBLIC_MQTT_PORT).map(OptionalInt::of).orElseGet(OptionalInt::empty);
            return Optional.of(new PublicTls(certificate.get(), key.get(), port));
        }
        if (certificate.isEmpty()
                && key.isEmpty()
                && get(Settings.PUBLIC_MQTT_PORT).isEmpty()) {
            return Optional.empty();
        }
        var missing = certificate.isEmpty() ? Settings.PUBLIC_CERTIFICATE : Settings.PUBLIC_CERTIFICATE_KEY;
        throw new ConfigException(
                file,
                missing.key(),
                "",
                "is needed, because another of the public-… keys is there; " + missing.allowed());
    }

    private <T> T need(Setting<T> setting) {
        return get(setting).orElseThrow();
    }

    private static Setting<?> known(String file, String key) {
        List<Setting<?>> settings = Settings.ALL;
        return settings.stream()
                .filter(setting -> setting.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new ConfigException(file, key, "", "there is no such key; there are " + settings));
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("");
    }
}

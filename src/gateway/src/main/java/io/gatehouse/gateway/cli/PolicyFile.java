package io.gatehouse.gateway.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import io.gatehouse.enrollment.config.ConfigException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A policy document as people write it, TOML with {@code [[rule]]} and {@code qos-max}, or JSON as the REST API has it. Only the form
 * is translated here; what is in it, the service judges.
 */
final class PolicyFile {
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    private PolicyFile() {}

    /** Reads a file, or standard input for {@code -}. */
    static Map<String, Object> read(String file, Terminal terminal) {
        String text = TextInput.read(file, terminal);
        try {
            return text.stripLeading().startsWith("{")
                    ? new ObjectMapper().readValue(text, OBJECT)
                    : asJson(file, new TomlMapper().readValue(text, OBJECT));
        } catch (JsonProcessingException e) {
            String where =
                    e.getLocation() == null ? "" : " in line " + e.getLocation().getLineNr();
            throw new ConfigException(
                    file, "", "", "neither TOML nor JSON" + where + ": " + firstLine(e.getOriginalMessage()));
        }
    }

    private static Map<String, Object> asJson(String file, Map<String, Object> toml) {
        if (!(toml.getOrDefault("rule", List.of()) instanceof List<?> rules)
                || !Map.of("rule", rules).keySet().containsAll(toml.keySet())) {
            throw new ConfigException(
                    file, String.join(", ", toml.keySet()), "", "a policy has [[rule]] tables and nothing else");
        }
        return Map.of("rules", rules.stream().map(PolicyFile::rule).toList());
    }

    private static Object rule(Object toml) {
        if (!(toml instanceof Map<?, ?> members)) {
            return toml;
        }
        Map<String, Object> json = new LinkedHashMap<>();
        members.forEach((name, value) -> json.put("qos-max".equals(name) ? "qosMax" : String.valueOf(name), value));
        return json;
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("");
    }
}

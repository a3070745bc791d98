package io.gatehouse.gateway.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import io.gatehouse.enrollment.config.ConfigException;
import io.gatehouse.identity.policy.Finding;
import io.gatehouse.identity.policy.Policy;
import io.gatehouse.identity.policy.PolicyDocument;
import io.gatehouse.identity.policy.PolicyException;
import io.gatehouse.identity.policy.PolicyReview;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A policy document as people write it, TOML with {@code [[rule]]} and {@code qos-max}, or JSON as the REST API has it. What is in it,
 * {@link PolicyDocument} judges, here as in the service; this says it in the words of the file.
 */
record PolicyFile(String file, boolean toml, Map<String, Object> document) {
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};
    private static final Pattern RULE = Pattern.compile("rules\\[([0-9]+)\\]");

    /** Reads a file, or standard input for {@code -}. */
    static PolicyFile read(String file, Terminal terminal) {
        String text = TextInput.read(file, terminal);
        return text.stripLeading().startsWith("{")
                ? new PolicyFile(file, false, parsed(file, text, new ObjectMapper()))
                : new PolicyFile(file, true, asJson(file, parsed(file, text, new TomlMapper())));
    }

    /** The document, good to be set; warnings are printed. Throws ConfigException with the first place that is wrong. */
    static Map<String, Object> checked(String file, Terminal terminal) {
        PolicyFile read = read(file, terminal);
        try {
            Policy policy = PolicyDocument.readNew(read.document());
            PolicyReview.warnings(policy)
                    .forEach(warning -> terminal.err().println("gatehouse: warning: " + read.said(warning)));
            return read.document();
        } catch (PolicyException e) {
            int others = e.findings().size() - 1;
            Finding first = e.findings().get(0);
            throw new ConfigException(
                    file,
                    read.place(first),
                    "",
                    read.words(first)
                            + (others == 0 ? "" : " (and " + others + " more: gatehouse policy check lists them)"));
        }
    }

    /** The text of a TOML or JSON file as a map. */
    static Map<String, Object> parsed(String file, String text, ObjectMapper mapper) {
        try {
            return mapper.readValue(text, OBJECT);
        } catch (JsonProcessingException e) {
            String where =
                    e.getLocation() == null ? "" : " in line " + e.getLocation().getLineNr();
            throw new ConfigException(
                    file, "", "", "neither TOML nor JSON" + where + ": " + firstLine(e.getOriginalMessage()));
        }
    }

    /** The finding in one line that begins with the file. */
    String said(Finding finding) {
        String place = place(finding);
        return file + ": " + (place.isEmpty() ? "" : place + ": ") + words(finding);
    }

    /** Where it is, as the file spells it, with the number of the rule as people count. */
    String place(Finding finding) {
        String path = toml ? inToml(finding.path()).replaceFirst("^rules", "rule") : finding.path();
        var rule = RULE.matcher(finding.path());
        return rule.lookingAt() ? path + " (rule " + (Long.parseLong(rule.group(1)) + 1) + ")" : path;
    }

    /** What is wrong, without the place. */
    String words(Finding finding) {
        return toml ? inToml(finding.said()) : finding.said();
    }

    private static String inToml(String text) {
        return text.replace("qosMax", "qos-max");
    }

    private static Map<String, Object> asJson(String file, Map<String, Object> toml) {
        if (!(toml.getOrDefault("rule", List.of()) instanceof List<?> rules)
                || !Map.of("rule", rules).keySet().containsAll(toml.keySet())) {
            throw new ConfigException(
                    file, String.join(", ", toml.keySet()), "", "a policy has [[rule]] tables and nothing else");
        }
        List<Object> json = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            json.add(rule(file, i, rules.get(i)));
        }
        return Map.of("rules", json);
    }

    private static Object rule(String file, int index, Object toml) {
        if (!(toml instanceof Map<?, ?> members)) {
            return toml;
        }
        Map<String, Object> json = new LinkedHashMap<>();
        members.forEach((name, value) -> {
            if ("qosMax".equals(name)) {
                throw new ConfigException(file, "rule[" + index + "].qosMax", "", "in TOML it is written qos-max");
            }
            json.put("qos-max".equals(name) ? "qosMax" : String.valueOf(name), value);
        });
        return json;
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("");
    }
}

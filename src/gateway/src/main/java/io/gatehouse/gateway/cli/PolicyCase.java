package io.gatehouse.gateway.cli;

import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import io.gatehouse.enrollment.config.ConfigException;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.policy.Attributes;
import io.gatehouse.identity.policy.Explanation;
import io.gatehouse.identity.policy.Policy;
import io.gatehouse.identity.policy.PolicySubject;
import io.gatehouse.identity.policy.Topics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One question to a policy and the answer that is expected: a {@code [[case]]} of a file. {@code rule} counts from 1. */
record PolicyCase(
        String name,
        PolicySubject subject,
        boolean publishes,
        String topic,
        int qos,
        boolean retain,
        boolean allow,
        Optional<Integer> rule) {
    private static final Set<String> SHARED_MEMBERS = Set.of("device", "fleet", "attributes");
    private static final Set<String> MEMBERS = Set.of(
            "name",
            "device",
            "fleet",
            "attributes",
            "publish",
            "subscribe",
            "qos",
            "retain",
            "shared",
            "expect",
            "rule");

    /** What the policy says. */
    Explanation ask(Policy policy) {
        return publishes
                ? Explanation.ofPublish(policy, subject, topic, qos, Optional.of(retain))
                : Explanation.ofSubscribe(policy, subject, topic, qos);
    }

    /** Whether that is what was expected. */
    boolean holds(Explanation answer) {
        return answer.allowed() == allow
                && rule.map(number -> number == answer.rule()).orElse(true);
    }

    /** The cases of a TOML file, at least one; device, fleet and attributes at its top are for those that have none. */
    static List<PolicyCase> read(String file, Terminal terminal) {
        Map<String, Object> toml = PolicyFile.parsed(file, TextInput.read(file, terminal), new TomlMapper());
        if (!(toml.get("case") instanceof List<?> cases) || cases.isEmpty()) {
            throw new ConfigException(file, "", "", "no [[case]] in it");
        }
        Map<String, Object> common = new LinkedHashMap<>(toml);
        common.remove("case");
        known(file, "", common, SHARED_MEMBERS);
        List<PolicyCase> read = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            String place = "case[" + i + "]";
            if (!(cases.get(i) instanceof Map<?, ?> members)) {
                throw new ConfigException(file, place, "", "must be a [[case]] table");
            }
            Map<String, Object> all = new LinkedHashMap<>(common);
            members.forEach((member, value) -> all.put(String.valueOf(member), value));
            known(file, place + ".", all, MEMBERS);
            read.add(new Members(file, place, all).read());
        }
        return read;
    }

    private static void known(String file, String prefix, Map<String, Object> members, Set<String> known) {
        for (String member : members.keySet()) {
            if (!known.contains(member)) {
                throw new ConfigException(
                        file,
                        prefix + member,
                        "",
                        "not known here; there are "
                                + String.join(", ", known.stream().sorted().toList()));
            }
        }
    }

    /** The members of one case as they stand in the file. */
    private record Members(String file, String place, Map<String, Object> all) {
        PolicyCase read() {
            boolean publishes = all.containsKey("publish");
            if (publishes == all.containsKey("subscribe")) {
                throw wrong("publish", "one of publish and subscribe is needed");
            }
            String unfit = publishes ? "shared" : "retain";
            if (all.containsKey(unfit)) {
                throw wrong(unfit, "goes with " + (publishes ? "subscribe" : "publish") + " only");
            }
            String expect = text("expect").orElse("");
            if (!expect.equals("allow") && !expect.equals("deny")) {
                throw wrong("expect", "allow or deny");
            }
            Optional<Integer> rule = number("rule", 1, Policy.MAX_RULES);
            if (rule.isPresent() && expect.equals("deny")) {
                throw wrong("rule", "goes with expect = \"allow\" only");
            }
            return new PolicyCase(
                    text("name").orElse(""),
                    subject(),
                    publishes,
                    publishes ? topic() : filter(),
                    number("qos", 0, 2).orElse(0),
                    flag("retain"),
                    expect.equals("allow"),
                    rule);
        }

        private PolicySubject subject() {
            var device = text("device").flatMap(DeviceId::parse).orElseThrow(() -> wrong("device", DeviceId.RULE));
            var fleet = text("fleet").flatMap(FleetName::parse).orElseThrow(() -> wrong("fleet", FleetName.RULE));
            Map<String, String> attributes = new LinkedHashMap<>();
            if (!(all.getOrDefault("attributes", Map.of()) instanceof Map<?, ?> given)) {
                throw wrong("attributes", "a table of texts");
            }
            given.forEach((name, value) -> attributes.put(String.valueOf(name), String.valueOf(value)));
            if (!Attributes.valid(attributes)) {
                throw wrong("attributes", "names of " + Attributes.NAME_RULE + "; values of " + Attributes.VALUE_RULE);
            }
            return new PolicySubject(device, fleet, attributes);
        }

        private String topic() {
            return text("publish")
                    .filter(Topics::validName)
                    .orElseThrow(() -> wrong("publish", "a topic name, without + and #"));
        }

        private String filter() {
            String filter = text("subscribe")
                    .filter(Topics::validFilter)
                    .orElseThrow(() -> wrong("subscribe", "a topic filter"));
            return flag("shared") && !Topics.isShared(filter) ? "$share/group/" + filter : filter;
        }

        private Optional<String> text(String member) {
            return Optional.ofNullable(all.get(member)).map(value -> {
                if (!(value instanceof String text)) {
                    throw wrong(member, "a text");
                }
                return text;
            });
        }

        private boolean flag(String member) {
            Object value = all.getOrDefault(member, false);
            if (!(value instanceof Boolean flag)) {
                throw wrong(member, "true or false");
            }
            return flag;
        }

        private Optional<Integer> number(String member, int from, int to) {
            return Optional.ofNullable(all.get(member)).map(value -> {
                if (!(value instanceof Integer number) || number < from || number > to) {
                    throw wrong(member, from + " to " + to);
                }
                return number;
            });
        }

        private ConfigException wrong(String member, String allowed) {
            return new ConfigException(
                    file, place + "." + member, String.valueOf(all.getOrDefault(member, "")), allowed);
        }
    }
}

package io.gatehouse.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** Rules in the form in which people write them, so that what `show` prints can be edited and set. */
final class PolicyToml {
    private PolicyToml() {}

    static String rule(JsonNode rule) {
        StringBuilder text = new StringBuilder("[[rule]]\n");
        for (var member : rule.properties()) {
            String key = "qosMax".equals(member.getKey()) ? "qos-max" : member.getKey();
            text.append(key).append(" = ").append(member.getValue()).append('\n');
        }
        return text.toString();
    }
}

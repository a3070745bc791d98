package io.gatehouse.enrollment.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gatehouse.enrollment.app.domain.EnrollmentRules;
import io.gatehouse.enrollment.app.domain.FactoryRule;
import io.gatehouse.enrollment.app.domain.FactoryRule.IdSource;
import io.gatehouse.enrollment.app.domain.KeyKind;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A fleet's enrollment rules as the text in its row: what is not there has its default. Stateless. */
final class RulesText {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String DEFAULTS = "{}";

    private RulesText() {}

    static String write(EnrollmentRules rules) {
        if (rules.equals(EnrollmentRules.DEFAULT)) {
            return DEFAULTS;
        }
        var text = new LinkedHashMap<String, Object>();
        text.put("keys", rules.keys().stream().map(KeyKind::word).toList());
        text.put("expiredGrace", rules.expiredGrace().toString());
        rules.factory()
                .ifPresent(rule -> text.put(
                        "factory",
                        Map.of(
                                "anchors", rule.anchors(),
                                "id", rule.id().word(),
                                "acceptExpired", rule.acceptExpired())));
        return Rows.json(text);
    }

    static EnrollmentRules read(String text) {
        if (text.equals(DEFAULTS)) {
            return EnrollmentRules.DEFAULT;
        }
        try {
            var rules = JSON.readTree(text);
            return new EnrollmentRules(
                    keys(rules.path("keys")),
                    rules.has("expiredGrace")
                            ? Duration.parse(rules.get("expiredGrace").textValue())
                            : Duration.ZERO,
                    Optional.ofNullable(rules.get("factory")).map(RulesText::factory));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("stored enrollment rules cannot be read", e);
        }
    }

    private static Set<KeyKind> keys(JsonNode words) {
        if (words.isMissingNode()) {
            return KeyKind.DEFAULT;
        }
        var kinds = EnumSet.noneOf(KeyKind.class);
        words.forEach(word -> kinds.add(KeyKind.ofWord(word.textValue()).orElseThrow(RulesText::unknown)));
        return kinds;
    }

    private static FactoryRule factory(JsonNode rule) {
        return new FactoryRule(
                rule.path("anchors").textValue(),
                IdSource.ofWord(rule.path("id").textValue()).orElseThrow(RulesText::unknown),
                rule.path("acceptExpired").booleanValue());
    }

    private static IllegalStateException unknown() {
        return new IllegalStateException("an unknown word in the database");
    }
}

package io.gatehouse.enrollment.api;

import static io.gatehouse.enrollment.api.Inputs.bad;
import static io.gatehouse.enrollment.api.Inputs.optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatehouse.enrollment.app.Fleets;
import io.gatehouse.enrollment.app.RulesPatch;
import io.gatehouse.enrollment.app.RulesPatch.FactoryPatch;
import io.gatehouse.enrollment.app.domain.EnrollmentRules;
import io.gatehouse.enrollment.app.domain.FactoryRule;
import io.gatehouse.enrollment.app.domain.FactoryRule.IdSource;
import io.gatehouse.enrollment.app.domain.Fleet;
import io.gatehouse.enrollment.app.domain.KeyKind;
import io.gatehouse.enrollment.app.domain.ReissueProgress;
import io.gatehouse.enrollment.http.JsonBodies;
import io.gatehouse.enrollment.http.Request;
import io.gatehouse.identity.FleetKind;
import io.gatehouse.identity.policy.Policy;
import io.gatehouse.identity.policy.PolicyDocument;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Fleets as this API reads and shows them. */
final class FleetJson {
    private FleetJson() {}

    private record Certificate(
            @Nullable String lifetime, @Nullable List<String> keys) {}

    private record Sessions(@Nullable Integer max) {}

    private record Factory(
            @Nullable String anchors,
            @Nullable String id,
            @Nullable Boolean acceptExpired) {}

    private record Enrollment(
            @Nullable String expiredGrace, @Nullable Factory factory) {}

    private record NewFleet(
            @Nullable String name,
            @Nullable String kind,
            @Nullable Certificate certificate,
            @Nullable Sessions sessions,
            @Nullable Enrollment enrollment,
            @Nullable Map<String, Object> policy) {}

    private record FleetPatch(
            @Nullable Certificate certificate,
            @Nullable Sessions sessions,
            @Nullable Enrollment enrollment,
            @Nullable Map<String, Object> policy) {}

    static Fleets.NewFleet create(Request request) {
        var body = JsonBodies.read(request, NewFleet.class);
        return new Fleets.NewFleet(
                Inputs.fleet("name", body.name()),
                optional(body.kind(), FleetJson::kind).orElse(FleetKind.DEVICE),
                lifetime(body.certificate()),
                max(body.sessions()),
                policy(body.policy()),
                rules(body.certificate(), body.enrollment(), false));
    }

    /** RFC 7396: null gives a member its default again. */
    static Fleets.Patch patch(Request request) {
        var given = JsonBodies.object(request, JsonBodies.JSON, JsonBodies.MERGE_PATCH);
        boolean noFactory = given.path("enrollment").isNull()
                || given.path("enrollment").path("factory").isNull();
        if (given.path("policy").isNull()) {
            throw bad("policy", "cannot be taken away; {\"rules\":[]} allows nothing");
        }
        defaults().properties().forEach(member -> {
            if (given.path(member.getKey()).isNull()) {
                given.set(member.getKey(), member.getValue());
            } else if (given.get(member.getKey()) instanceof ObjectNode part) {
                member.getValue().properties().stream()
                        .filter(inner -> part.path(inner.getKey()).isNull())
                        .forEach(inner -> part.set(inner.getKey(), inner.getValue()));
            }
        });
        var body = JsonBodies.as(given, FleetPatch.class);
        return new Fleets.Patch(
                lifetime(body.certificate()),
                max(body.sessions()),
                policy(body.policy()),
                rules(body.certificate(), body.enrollment(), noFactory));
    }

    private static JsonNode defaults() {
        return JsonBodies.tree(Map.of(
                "certificate",
                        Map.of("lifetime", Inputs.iso(Fleets.DEFAULT_LIFETIME), "keys", words(EnrollmentRules.DEFAULT)),
                "sessions", Map.of("max", 1),
                "enrollment", Map.of("expiredGrace", "PT0S")));
    }

    private static FleetKind kind(String text) {
        return FleetKind.ofWord(text).orElseThrow(() -> bad("kind", "device or application"));
    }

    private static Optional<Duration> lifetime(@Nullable Certificate certificate) {
        return certificate == null
                ? Optional.empty()
                : optional(certificate.lifetime(), text -> Inputs.duration("certificate.lifetime", text));
    }

    private static Optional<Integer> max(@Nullable Sessions sessions) {
        return sessions == null ? Optional.empty() : Optional.ofNullable(sessions.max());
    }

    private static Optional<Policy> policy(@Nullable Map<String, Object> document) {
        return Optional.ofNullable(document).map(given -> Inputs.policy("policy", given));
    }

    private static RulesPatch rules(
            @Nullable Certificate certificate, @Nullable Enrollment enrollment, boolean noFactory) {
        Optional<Set<KeyKind>> keys = certificate == null
                ? Optional.empty()
                : Optional.ofNullable(certificate.keys()).map(FleetJson::keys);
        Optional<Duration> grace = enrollment == null
                ? Optional.empty()
                : optional(enrollment.expiredGrace(), text -> Inputs.duration("enrollment.expiredGrace", text));
        Optional<FactoryPatch> factory = enrollment == null
                ? Optional.empty()
                : Optional.ofNullable(enrollment.factory()).map(FleetJson::factory);
        return new RulesPatch(keys, grace, noFactory ? Optional.of(FactoryPatch.REMOVED) : factory);
    }

    private static Set<KeyKind> keys(List<String> words) {
        var kinds = EnumSet.noneOf(KeyKind.class);
        for (var word : words) {
            kinds.add(optional(word, text -> text)
                    .flatMap(KeyKind::ofWord)
                    .orElseThrow(() -> bad(
                            "certificate.keys",
                            "of "
                                    + Arrays.stream(KeyKind.values())
                                            .map(KeyKind::word)
                                            .collect(Collectors.joining(", ")))));
        }
        return kinds;
    }

    private static FactoryPatch factory(Factory given) {
        return new FactoryPatch(
                false,
                Optional.ofNullable(given.anchors()),
                optional(
                        given.id(),
                        text -> IdSource.ofWord(text)
                                .orElseThrow(() -> bad("enrollment.factory.id", "serialNumber or commonName"))),
                Optional.ofNullable(given.acceptExpired()));
    }

    private record Order(String startedAt, String until, long total, long done, long left) {}

    private record Within(@Nullable String within) {}

    static Duration within(Request request) {
        var within = JsonBodies.read(request, Within.class).within();
        return Inputs.duration("within", Inputs.required("within", within));
    }

    /** With how far the last order to renew has come. */
    static Map<String, Object> whole(Fleet fleet, Optional<ReissueProgress> progress) {
        var shown = shown(fleet);
        shown.put("reissue", progress.map(FleetJson::order).orElse(null));
        return shown;
    }

    static Object order(ReissueProgress progress) {
        return new Order(
                progress.order().startedAt().toString(),
                progress.order().until().toString(),
                progress.total(),
                progress.done(),
                progress.left());
    }

    static Map<String, Object> shown(Fleet fleet) {
        return members(fleet, fleet.rules().factory().map(FactoryRule::anchors).orElse(null));
    }

    /** In a list the anchors' text is left out: it may be long. */
    static Map<String, Object> listed(Fleet fleet) {
        return members(fleet, null);
    }

    private static Map<String, Object> members(Fleet fleet, @Nullable String anchors) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("name", fleet.name().value());
        shown.put("kind", fleet.kind().word());
        shown.put("state", fleet.state().word());
        shown.put("certificate", new Certificate(Inputs.iso(fleet.lifetime()), words(fleet.rules())));
        shown.put("sessions", new Sessions(fleet.sessionsMax()));
        shown.put(
                "enrollment",
                new Enrollment(
                        Inputs.iso(fleet.rules().expiredGrace()),
                        fleet.rules()
                                .factory()
                                .map(rule -> new Factory(anchors, rule.id().word(), rule.acceptExpired()))
                                .orElse(null)));
        shown.put("policy", PolicyDocument.write(fleet.policy()));
        shown.put("version", fleet.version());
        shown.put("createdAt", fleet.createdAt().toString());
        return shown;
    }

    private static List<String> words(EnrollmentRules rules) {
        return rules.keys().stream().map(KeyKind::word).toList();
    }
}

package io.gatehouse.enrollment.api;

import io.gatehouse.enrollment.app.domain.Page;
import io.gatehouse.enrollment.http.Request;
import io.gatehouse.enrollment.http.Unreadable;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.identity.policy.Policy;
import io.gatehouse.identity.policy.PolicyDocument;
import io.gatehouse.identity.policy.PolicyException;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Turns texts of a request into values; what does not fit is refused with the member's name and what is allowed. */
final class Inputs {
    private Inputs() {}

    static Unreadable bad(String member, String rule) {
        return new Unreadable(RefusalReason.BAD_REQUEST, member + ": " + rule);
    }

    static String required(String member, @Nullable String text) {
        if (text == null) {
            throw bad(member, "is needed");
        }
        return text;
    }

    static FleetName fleet(String member, @Nullable String text) {
        return FleetName.parse(required(member, text)).orElseThrow(() -> bad(member, FleetName.RULE));
    }

    static DeviceId device(String member, @Nullable String text) {
        return DeviceId.parse(required(member, text)).orElseThrow(() -> bad(member, DeviceId.RULE));
    }

    /** A device that is to be found: what is no id is not there. */
    static DeviceId deviceInPath(Request request) {
        return DeviceId.parse(request.variable("device")).orElseThrow(() -> missing("device"));
    }

    static FleetName fleetInPath(Request request) {
        return FleetName.parse(request.variable("fleet")).orElseThrow(() -> missing("fleet"));
    }

    private static Unreadable missing(String what) {
        return new Unreadable(RefusalReason.NOT_FOUND, "there is no such " + what);
    }

    static Fingerprint fingerprint(String member, String text) {
        try {
            return Fingerprint.of(text);
        } catch (IllegalArgumentException e) {
            throw bad(member, "64 lower-case hexadecimal digits");
        }
    }

    static Duration duration(String member, String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeException | ArithmeticException e) {
            throw bad(member, "a duration as in ISO 8601, such as P90D or PT1H");
        }
    }

    /** Whole days as days, as people write them. */
    static String iso(Duration duration) {
        boolean wholeDays = !duration.isZero() && duration.equals(Duration.ofDays(duration.toDays()));
        return wholeDays ? "P" + duration.toDays() + "D" : duration.toString();
    }

    /** A policy that is set now; {@code member} holds it in the body, or is empty when the body is the policy. */
    static Policy policy(String member, Map<String, ?> document) {
        try {
            return PolicyDocument.readNew(document);
        } catch (PolicyException e) {
            String dot = member.isEmpty() ? "" : member + ".";
            String slash = member.isEmpty() ? "" : "/" + member;
            throw new Unreadable(
                    RefusalReason.BAD_REQUEST,
                    dot + e.getMessage(),
                    e.findings().stream()
                            .map(finding -> new Unreadable.Place(
                                    "#" + slash + finding.pointer().substring(1), finding.said()))
                            .toList());
        }
    }

    static <T> Optional<T> optional(@Nullable String text, Function<String, T> parse) {
        return Optional.ofNullable(text).map(parse);
    }

    /** The page that a list is asked for; the query may have {@code after}, {@code limit} and what else the list knows. */
    static Page page(Request request, String... known) {
        var allowed = Set.of(known);
        for (var name : request.query().keySet()) {
            if (!name.equals("after") && !name.equals("limit") && !allowed.contains(name)) {
                throw new Unreadable(RefusalReason.BAD_REQUEST, "the query has a parameter that is not known here");
            }
        }
        return new Page(
                request.query("after"),
                request.query("limit").map(Inputs::limit).orElse(Page.DEFAULT));
    }

    private static int limit(String text) {
        if (text.matches("[0-9]{1,4}")) {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= Page.MAX) {
                return limit;
            }
        }
        throw bad("limit", "1 to " + Page.MAX);
    }

    static boolean truth(String member, String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw bad(member, "true or false");
        };
    }
}

package io.gatehouse.enrollment.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a request target strictly: what could mean two things to two readers (dot segments, empty segments, encoded slashes,
 * path parameters, controls) is no path here, so that no route is ever reached by a trick.
 */
final class Paths {
    private static final int MOST_PARAMETERS = 32;

    private Paths() {}

    /** The decoded segments of an absolute path, or nothing when it is none. */
    static Optional<List<String>> segments(String rawPath) {
        if (!rawPath.startsWith("/")) {
            return Optional.empty();
        }
        if (rawPath.equals("/")) {
            return Optional.of(List.of());
        }
        var segments = new ArrayList<String>();
        for (var raw : rawPath.substring(1).split("/", -1)) {
            var segment = decode(raw.replace("+", "%2B"));
            if (segment.isEmpty() || !plain(segment.get())) {
                return Optional.empty();
            }
            segments.add(segment.get());
        }
        return Optional.of(segments);
    }

    /** The decoded end of a path as one text, in which slashes mean nothing, or nothing when it cannot be decoded. */
    static Optional<String> rest(String raw) {
        return decode(raw.replace("+", "%2B"));
    }

    /** The parameters of a query; nothing when one comes twice, when there are too many, or when one cannot be decoded. */
    static Optional<Map<String, String>> query(String rawQuery) {
        var parameters = new LinkedHashMap<String, String>();
        for (var pair : rawQuery.split("&", MOST_PARAMETERS + 2)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            var name = decode(equals < 0 ? pair : pair.substring(0, equals));
            var value = decode(equals < 0 ? "" : pair.substring(equals + 1));
            if (name.isEmpty() || value.isEmpty() || parameters.putIfAbsent(name.get(), value.get()) != null) {
                return Optional.empty();
            }
        }
        return parameters.size() > MOST_PARAMETERS ? Optional.empty() : Optional.of(parameters);
    }

    private static boolean plain(String segment) {
        return !segment.isEmpty()
                && !segment.equals(".")
                && !segment.equals("..")
                && segment.chars()
                        .allMatch(c -> c > ' ' && c != 0x7f && c != '/' && c != '\\' && c != ';' && c != 0xfffd);
    }

    private static Optional<String> decode(String raw) {
        try {
            return Optional.of(URLDecoder.decode(raw, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}

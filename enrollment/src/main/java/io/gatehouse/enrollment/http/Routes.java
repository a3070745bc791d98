package io.gatehouse.enrollment.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The routes of one port. A path with fewer variables wins over one with more, so that {@code /est/cacerts} is not the fleet
 * {@code cacerts}. Immutable and thread-safe.
 */
public final class Routes {
    private final Map<Integer, List<Route>> bySegments;

    public Routes(List<Route> routes) {
        var seen = new LinkedHashMap<String, Route>();
        for (var route : routes) {
            if (seen.put(route.method() + " " + route.path().text().replaceAll("\\{[^}]*}", "{}"), route) != null) {
                throw new IllegalArgumentException("two routes for " + route.method() + " " + route.path());
            }
        }
        this.bySegments = routes.stream()
                .sorted((a, b) -> Integer.compare(variables(a), variables(b)))
                .collect(Collectors.groupingBy(route ->
                        (int) route.path().text().chars().filter(c -> c == '/').count()));
    }

    /** All routes, for the test that holds the description to them. */
    public List<Route> all() {
        return bySegments.values().stream().flatMap(List::stream).toList();
    }

    Match find(String method, List<String> segments) {
        var asked = Method.of(method);
        var allowed = new TreeSet<String>();
        for (var route : bySegments.getOrDefault(segments.size(), List.of())) {
            var values = route.path().match(segments);
            if (values.isPresent()) {
                if (asked.isPresent() && asked.get() == route.method()) {
                    return new Match.Found(route, values.get());
                }
                allowed.add(route.method().name());
                if (route.method() == Method.GET) {
                    allowed.add("HEAD");
                }
            }
        }
        return allowed.isEmpty() ? new Match.NoPath() : new Match.NoMethod(String.join(", ", allowed));
    }

    private static int variables(Route route) {
        return (int) route.path().text().chars().filter(c -> c == '{').count();
    }

    sealed interface Match {
        record Found(Route route, Map<String, String> values) implements Match {}

        record NoPath() implements Match {}

        /** The path is there, the method is not; the methods that are, as in {@code Allow}. */
        record NoMethod(String allow) implements Match {}
    }
}

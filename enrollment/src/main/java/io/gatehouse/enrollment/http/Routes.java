package io.gatehouse.enrollment.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The routes of one port. A path with fewer variables wins over one with more, so that {@code /est/cacerts} is not the fleet
 * {@code cacerts}. Immutable and thread-safe.
 */
public final class Routes {
    private final Map<Integer, List<Route>> bySegments;
    private final List<Route> takingTheRest;

    public Routes(List<Route> routes) {
        var seen = new LinkedHashMap<String, Route>();
        for (var route : routes) {
            if (seen.put(route.method() + " " + route.path().text().replaceAll("\\{[^}]*}", "{}"), route) != null) {
                throw new IllegalArgumentException("two routes for " + route.method() + " " + route.path());
            }
        }
        this.takingTheRest = routes.stream()
                .filter(route -> route.path().beforeRest().isPresent())
                .toList();
        this.bySegments = routes.stream()
                .filter(route -> route.path().beforeRest().isEmpty())
                .sorted((a, b) -> Integer.compare(variables(a), variables(b)))
                .collect(Collectors.groupingBy(route ->
                        (int) route.path().text().chars().filter(c -> c == '/').count()));
    }

    /** All routes, for the test that holds the description to them. */
    public List<Route> all() {
        return Stream.concat(bySegments.values().stream().flatMap(List::stream), takingTheRest.stream())
                .toList();
    }

    /** Whether some route takes the rest of a path, whatever it is. */
    boolean takeTheRest() {
        return !takingTheRest.isEmpty();
    }

    /** The route that takes the rest of this path, which is still encoded; nothing when there is none for this method. */
    Optional<Match.Found> findByBeginning(String method, String rawPath) {
        var asked = Method.of(method);
        for (var route : takingTheRest) {
            var before = route.path().beforeRest().orElseThrow();
            if (rawPath.startsWith(before) && rawPath.length() > before.length()) {
                return Paths.rest(rawPath.substring(before.length()))
                        .filter(rest -> asked.isPresent() && asked.get() == route.method())
                        .map(rest -> new Match.Found(route, Map.of(route.path().rest(), rest)));
            }
        }
        return Optional.empty();
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

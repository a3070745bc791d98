package io.gatehouse.enrollment.http;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** One request, read to its end and within its bounds. For one thread. */
public final class Request {
    private final Route route;
    private final Map<String, String> variables;
    private final Map<String, String> query;
    private final Function<String, Optional<String>> headers;
    private final byte[] body;
    private final Peer peer;

    /** The headers: a function of the name, without regard to case, that joins repeated fields by a comma. */
    public Request(
            Route route,
            Map<String, String> variables,
            Map<String, String> query,
            Function<String, Optional<String>> headers,
            byte[] body,
            Peer peer) {
        this.route = route;
        this.variables = variables;
        this.query = query;
        this.headers = headers;
        this.body = body;
        this.peer = peer;
    }

    public Route route() {
        return route;
    }

    /** The value of a variable of the route's path; the route must have it. */
    public String variable(String name) {
        var value = variables.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the path " + route.path() + " has no variable " + name);
        }
        return value;
    }

    public Map<String, String> query() {
        return query;
    }

    public Optional<String> query(String name) {
        return Optional.ofNullable(query.get(name));
    }

    public Optional<String> header(String name) {
        return headers.apply(name);
    }

    /** The body; empty when there was none. Not copied. */
    public byte[] body() {
        return body;
    }

    public Peer peer() {
        return peer;
    }
}

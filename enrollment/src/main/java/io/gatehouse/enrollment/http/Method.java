package io.gatehouse.enrollment.http;

import java.util.Optional;

/** The methods that routes are offered for; HEAD is answered by the GET route without its body. */
public enum Method {
    GET,
    POST,
    PUT,
    PATCH,
    DELETE;

    /** The method of that name, HEAD as GET; nothing for any other. Method names are case-sensitive (RFC 9110, section 9.1). */
    static Optional<Method> of(String name) {
        return switch (name) {
            case "GET", "HEAD" -> Optional.of(GET);
            case "POST" -> Optional.of(POST);
            case "PUT" -> Optional.of(PUT);
            case "PATCH" -> Optional.of(PATCH);
            case "DELETE" -> Optional.of(DELETE);
            default -> Optional.empty();
        };
    }
}

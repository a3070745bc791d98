package io.gatehouse.enrollment.http;

/**
 * One method on one path.
 *
 * <p>A path that ends in a variable with three dots, as {@code /pki/ocsp/{request...}}, takes all that follows, slashes included, for
 * that variable: percent-decoded, and not judged as a path.
 *
 * @param mostBytes how large the request's body may be; 0 for none
 */
public record Route(Method method, PathTemplate path, int mostBytes, Endpoint endpoint) {
    public static Route get(String path, Endpoint endpoint) {
        return new Route(Method.GET, new PathTemplate(path), 0, endpoint);
    }

    public static Route withBody(Method method, String path, int mostBytes, Endpoint endpoint) {
        return new Route(method, new PathTemplate(path), mostBytes, endpoint);
    }
}

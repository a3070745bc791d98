package io.gatehouse.enrollment.pki;

import io.gatehouse.enrollment.http.Answer;
import io.gatehouse.enrollment.http.Method;
import io.gatehouse.enrollment.http.PathTemplate;
import io.gatehouse.enrollment.http.Request;
import io.gatehouse.enrollment.http.Route;
import io.gatehouse.enrollment.http.Unreadable;
import io.gatehouse.enrollment.pki.Publications.Published;
import io.gatehouse.identity.RefusalReason;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** {@code /pki/crl/NAME.crl} and {@code /pki/ca/NAME.cer} in DER (RFC 5280, section 4.2.1.13; RFC 2585), with ETag. */
public final class PkiEndpoints {
    private static final int LARGEST_OCSP_REQUEST = 4 * 1024;

    private final Publications publications;

    public PkiEndpoints(Publications publications) {
        this.publications = publications;
    }

    public List<Route> routes() {
        var routes = new ArrayList<Route>();
        routes.add(Route.get(
                "/pki/crl/{file}", request -> published(request, ".crl", "application/pkix-crl", publications::crl)));
        routes.add(Route.get(
                "/pki/ca/{file}",
                request -> published(request, ".cer", "application/pkix-cert", publications::certificate)));
        // Certificates name the responder already; verifiers that get no answer from it go on with the CRL.
        for (var method : List.of(Method.GET, Method.POST)) {
            routes.add(new Route(method, new PathTemplate("/pki/ocsp"), LARGEST_OCSP_REQUEST, request -> {
                throw new Unreadable(RefusalReason.NOT_OFFERED, "OCSP is not offered here; use the CRL");
            }));
        }
        return routes;
    }

    private static Answer published(
            Request request, String ending, String type, Function<String, Optional<Published>> source) {
        var file = request.variable("file");
        var found = file.endsWith(ending)
                ? source.apply(file.substring(0, file.length() - ending.length()))
                : Optional.<Published>empty();
        if (found.isEmpty()) {
            throw new Unreadable(RefusalReason.NOT_FOUND, "there is nothing at this path");
        }
        var etag = etag(found.get().der());
        var answer = request.header("If-None-Match")
                        .filter(asked -> matches(asked, etag))
                        .isPresent()
                ? Answer.empty(304)
                : Answer.of(200, type, found.get().der());
        return answer.with("ETag", etag)
                .with(
                        "Cache-Control",
                        "public, max-age=" + Math.max(0, found.get().fresh().toSeconds()));
    }

    private static boolean matches(String asked, String etag) {
        for (var one : asked.split(",", -1)) {
            var bare = one.strip();
            if (bare.equals("*") || (bare.startsWith("W/") ? bare.substring(2) : bare).equals(etag)) {
                return true;
            }
        }
        return false;
    }

    private static String etag(byte[] der) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(der);
            return '"' + HexFormat.of().formatHex(digest, 0, 16) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}

package io.gatehouse.enrollment.pki;

import io.gatehouse.enrollment.http.Answer;
import io.gatehouse.enrollment.http.Request;
import io.gatehouse.enrollment.http.Route;
import io.gatehouse.enrollment.http.Unreadable;
import io.gatehouse.enrollment.pki.Publications.Published;
import io.gatehouse.identity.RefusalReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** {@code /pki/crl/NAME.crl} and {@code /pki/ca/NAME.cer} in DER (RFC 5280, section 4.2.1.13; RFC 2585), with ETag. */
public final class PkiEndpoints {
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
        var tag = '"' + found.get().tag() + '"';
        var answer = EntityTags.has(request, tag)
                ? Answer.empty(304)
                : Answer.of(200, type, found.get().der());
        var seconds = Math.max(0, found.get().fresh().toSeconds());
        answer = answer.with("ETag", tag).with("Cache-Control", "public, max-age=" + seconds);
        return found.get().since().isPresent()
                ? answer.with(
                        "Last-Modified", HttpDates.write(found.get().since().get()))
                : answer;
    }
}

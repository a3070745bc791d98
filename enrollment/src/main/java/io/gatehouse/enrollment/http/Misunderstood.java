package io.gatehouse.enrollment.http;

import io.gatehouse.identity.RefusalReason;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.NanoTime;

/** What Jetty itself refuses (no HTTP, a head too long, a second Host) in the port's own form instead of an HTML page. */
final class Misunderstood extends ErrorHandler {
    private final String port;
    private final RefusalForm form;
    private final Observer observer;

    Misunderstood(String port, RefusalForm form, Observer observer) {
        this.port = port;
        this.form = form;
        this.observer = observer;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        var refusal = refusal(response.getStatus());
        var remote = Optional.ofNullable(Request.getRemoteAddr(request)).orElse("-");
        observer.answered(new Observer.Seen(
                port,
                "-",
                "-",
                refusal.status(),
                refusal.refusal(),
                remote,
                NanoTime.since(request.getHeadersNanoTime())));
        response.setStatus(refusal.status());
        for (var header : refusal.headers()) {
            response.getHeaders().put(header.name(), header.value());
        }
        // After what could not be understood nobody knows where the next request begins.
        response.getHeaders().put("Connection", "close");
        response.getHeaders().put("Content-Length", refusal.body().length);
        response.write(true, ByteBuffer.wrap(refusal.body()), callback);
        return true;
    }

    private Answer.Whole refusal(int status) {
        return switch (status) {
            // Jetty's parser says 505 to whoever speaks another version; that is the peer's mistake and not ours.
            case 505 -> form.refuse(400, RefusalReason.BAD_REQUEST, "this is not an HTTP/1.1 request");
            case 404 -> form.refuse(404, RefusalReason.NOT_FOUND, "there is nothing at this path");
            case 405 -> form.refuse(405, RefusalReason.METHOD_NOT_ALLOWED, "this method is not known here");
            case 413, 414, 431 -> form.refuse(status, RefusalReason.TOO_LARGE, "the head of the request is too long");
            case 503 -> form.refuse(503, RefusalReason.UNAVAILABLE, "the service is stopping");
            default ->
                status >= 500
                        ? form.refuse(status, RefusalReason.INTERNAL_ERROR, "see the log of the service")
                        : form.refuse(status, RefusalReason.BAD_REQUEST, "this is not an HTTP/1.1 request");
        };
    }
}

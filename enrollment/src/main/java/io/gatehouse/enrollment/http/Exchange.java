package io.gatehouse.enrollment.http;

import io.gatehouse.identity.RefusalReason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingNestedCallback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request and its answer, as Jetty has them. */
final class Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
    private static final int WINDOW = 64 * 1024;

    private final String port;
    private final Request request;
    private final Response response;
    private final Callback callback;
    private final Observer observer;
    private final Streams streams;
    private final Patience patience;
    private @Nullable Route route;

    Exchange(
            String port,
            Request request,
            Response response,
            Callback callback,
            Observer observer,
            Streams streams,
            Patience patience) {
        this.port = port;
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.observer = observer;
        this.streams = streams;
        this.patience = patience;
    }

    void found(Route found) {
        this.route = found;
    }

    Optional<String> header(String name) {
        var values = request.getHeaders().getValuesList(name);
        return values.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", values));
    }

    Peer peer() {
        var address = request.getConnectionMetaData().getRemoteSocketAddress();
        var inet = address instanceof InetSocketAddress known
                ? known
                : new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return new Peer(inet, certificates());
    }

    private List<X509Certificate> certificates() {
        EndPoint.SslSessionData tls =
                request.getConnectionMetaData().getConnection().getEndPoint().getSslSessionData();
        if (tls == null) {
            return List.of();
        }
        try {
            var chain = new ArrayList<X509Certificate>();
            for (Certificate certificate : tls.sslSession().getPeerCertificates()) {
                chain.add((X509Certificate) certificate);
            }
            return chain;
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
    }

    void answer(Answer answer) {
        answer(answer, callback);
    }

    /** Answers while the peer may still be sending, and closes the connection after it. */
    void answerBeforeTheEnd(BodyReader body, Answer.Whole answer) {
        answer(answer.with("Connection", "close"), body.readAwayBefore(callback));
    }

    private void answer(Answer answer, Callback after) {
        observer.answered(seen(answer));
        response.setStatus(answer.status());
        for (var header : answer.headers()) {
            response.getHeaders().add(header.name(), header.value());
        }
        if (answer instanceof Answer.Whole whole) {
            write(whole, after);
        } else if (answer instanceof Answer.Streamed streamed) {
            stream(streamed.source());
        }
    }

    private Observer.Seen seen(Answer answer) {
        return new Observer.Seen(
                port,
                route == null ? "-" : route.method().name(),
                route == null ? "-" : route.path().text(),
                answer.status(),
                answer.refusal(),
                peer().host(),
                System.nanoTime() - request.getHeadersNanoTime());
    }

    private void write(Answer.Whole whole, Callback after) {
        patience.answering(request.getConnectionMetaData().getConnection());
        if (whole.status() != 204 && whole.status() != 304) {
            response.getHeaders().put("Content-Length", whole.body().length);
        }
        boolean head = request.getMethod().equals("HEAD");
        if (head || whole.body().length <= WINDOW) {
            response.write(true, ByteBuffer.wrap(head ? new byte[0] : whole.body()), after);
        } else {
            new Windows(whole.body(), after).iterate();
        }
    }

    /**
     * A large body, a window after the other: a thread that writes a whole array to a socket copies all of it outside of the heap first, and
     * keeps that copy.
     */
    private final class Windows extends IteratingNestedCallback {
        private final byte[] body;
        private int at;

        Windows(byte[] body, Callback after) {
            super(after);
            this.body = body;
        }

        @Override
        protected Action process() {
            if (at == body.length) {
                return Action.SUCCEEDED;
            }
            int length = Math.min(WINDOW, body.length - at);
            var window = ByteBuffer.wrap(body, at, length);
            at += length;
            response.write(at == body.length, window, this);
            return Action.SCHEDULED;
        }
    }

    private void stream(Answer.Source source) {
        if (!streams.start(() -> run(source))) {
            source.dropped();
            response.reset();
            response.setStatus(503);
            response.getHeaders().put("Content-Length", 0);
            response.getHeaders().put("Gatehouse-Reason", RefusalReason.UNAVAILABLE.word());
            response.getHeaders().put("Retry-After", "2");
            response.write(true, ByteBuffer.allocate(0), callback);
        }
    }

    private void run(Answer.Source source) {
        try {
            source.writeTo(this::writeChunk);
            response.write(true, ByteBuffer.allocate(0), callback);
        } catch (InterruptedException | IOException e) {
            // the peer is gone, was too slow, or the server stops: in each case the stream is cut, not ended
            callback.failed(e);
        } catch (RuntimeException e) {
            LOG.error("failure of a stream port={} route={}", port, route == null ? "-" : route.path(), e);
            callback.failed(e);
        }
    }

    private void writeChunk(byte[] bytes, int offset, int length) throws IOException {
        try (var blocker = Blocker.callback()) {
            response.write(false, ByteBuffer.wrap(bytes, offset, length), blocker);
            blocker.block();
        }
    }
}

package io.gatehouse.enrollment.http;

import io.gatehouse.identity.RefusalReason;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From Jetty's request to ours and back: finds the route, reads the body, asks the endpoint, writes the answer. */
final class Exchanges extends Handler.Abstract {
    private static final long MOST_BODY_BYTES = 16 * 1024 * 1024;
    private static final Logger LOG = LoggerFactory.getLogger(Exchanges.class);

    private final PortSettings settings;
    private final Routes routes;
    private final RefusalForm form;
    private final Observer observer;
    private final Streams streams;
    private final Patience patience;
    private final BodyRoom room = new BodyRoom(MOST_BODY_BYTES);

    Exchanges(
            PortSettings settings,
            Routes routes,
            RefusalForm form,
            Observer observer,
            Streams streams,
            Patience patience) {
        this.settings = settings;
        this.routes = routes;
        this.form = form;
        this.observer = observer;
        this.streams = streams;
        this.patience = patience;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        var connection = request.getConnectionMetaData().getConnection();
        patience.working(connection);
        var exchange = new Exchange(
                settings.name(), request, response, waitingAfter(callback, connection), observer, streams, patience);
        var uri = request.getHttpURI();
        var raw = Optional.ofNullable(uri.getPath()).orElse("");
        var byBeginning = routes.findByBeginning(request.getMethod(), raw);
        if (byBeginning.isPresent()) {
            exchange.found(byBeginning.get().route());
            read(exchange, request, byBeginning.get(), Map.of());
            return true;
        }
        var path = Paths.segments(raw);
        var query = Paths.query(Optional.ofNullable(uri.getQuery()).orElse(""));
        if (path.isEmpty() || query.isEmpty()) {
            refuse(exchange, request, form.refuse(RefusalReason.BAD_REQUEST, "the path or the query cannot be read"));
            return true;
        }
        var match = routes.find(request.getMethod(), path.get());
        if (match instanceof Routes.Match.Found found) {
            exchange.found(found.route());
            read(exchange, request, found, query.get());
        } else if (match instanceof Routes.Match.NoMethod noMethod) {
            var refusal = form.refuse(RefusalReason.METHOD_NOT_ALLOWED, "allowed: " + noMethod.allow());
            refuse(exchange, request, refusal.with("Allow", noMethod.allow()));
        } else {
            refuse(exchange, request, form.refuse(RefusalReason.NOT_FOUND, "there is nothing at this path"));
        }
        return true;
    }

    private void read(Exchange exchange, Request request, Routes.Match.Found found, Map<String, String> query) {
        BodyReader.read(
                request,
                found.route().mostBytes(),
                patience,
                room,
                body -> answer(exchange, found.route(), found.values(), query, body));
    }

    /** Before the next request of this connection can be worked on, which may be while the callback runs. */
    private Callback waitingAfter(Callback callback, Connection connection) {
        return new Callback.Nested(callback) {
            @Override
            public void succeeded() {
                patience.waiting(connection);
                super.succeeded();
            }

            @Override
            public void failed(Throwable cause) {
                patience.waiting(connection);
                super.failed(cause);
            }
        };
    }

    /** For a request that leads nowhere: no body of it is taken. */
    private void refuse(Exchange exchange, Request request, Answer.Whole refusal) {
        BodyReader.read(request, 0, patience, room, body -> {
            if (body.end() == BodyReader.End.WHOLE) {
                exchange.answer(refusal);
            } else {
                exchange.answerBeforeTheEnd(body, refusal);
            }
        });
    }

    private void answer(
            Exchange exchange, Route route, Map<String, String> values, Map<String, String> query, BodyReader body) {
        switch (body.end()) {
            case WHOLE -> exchange.answer(ask(exchange, route, values, query, body.bytes()));
            case TOO_LARGE ->
                exchange.answerBeforeTheEnd(
                        body,
                        form.refuse(
                                413,
                                RefusalReason.TOO_LARGE,
                                "at most " + route.mostBytes() + " bytes are taken here"));
            case TOO_SLOW ->
                exchange.answerBeforeTheEnd(
                        body, form.refuse(408, RefusalReason.BAD_REQUEST, "the request did not arrive in time"));
            case NO_ROOM ->
                exchange.answer(form.refuse(RefusalReason.UNAVAILABLE, "too much is being sent at this moment"));
            case BROKEN ->
                exchange.answerBeforeTheEnd(body, form.refuse(RefusalReason.BAD_REQUEST, "the body cannot be read"));
        }
    }

    // Whatever goes wrong in an endpoint ends here: the peer gets a generic text, the log the cause under the same id.
    private Answer ask(
            Exchange exchange, Route route, Map<String, String> values, Map<String, String> query, byte[] body) {
        try {
            return route.endpoint()
                    .answer(new io.gatehouse.enrollment.http.Request(
                            route, values, query, exchange::header, body, exchange.peer()));
        } catch (Unreadable e) {
            return form.refuse(e);
        } catch (RuntimeException e) {
            return failed(route, e);
        }
    }

    private Answer failed(Route route, RuntimeException failure) {
        var expected = form.expected(failure);
        if (expected.isPresent()) {
            LOG.warn(
                    "cannot port={} route={} {}: {}",
                    settings.name(),
                    route.method(),
                    route.path(),
                    failure.getMessage());
            return form.refuse(expected.get(), expected.get().sentence());
        }
        var id = UUID.randomUUID().toString().substring(0, 8);
        LOG.error("failure id={} port={} route={} {}", id, settings.name(), route.method(), route.path(), failure);
        return form.refuse(RefusalReason.INTERNAL_ERROR, "id " + id);
    }
}

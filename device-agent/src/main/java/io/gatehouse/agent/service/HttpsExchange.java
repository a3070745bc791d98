package io.gatehouse.agent.service;

import io.gatehouse.x509.tls.ServiceTrust;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * One HTTPS request on a connection of its own, in the time of one deadline for all of it: name, connection, handshake, request, answer. No
 * redirects, no cookies, no proxies, no compression. On sockets, so that head, body and time have bounds that a hostile server cannot move,
 * and the agent's runtime stays small.
 */
final class HttpsExchange {
    private static final int LARGEST_BODY = 512 * 1024;
    private static final ScheduledExecutorService DEADLINES = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "deadlines");
        thread.setDaemon(true);
        return thread;
    });

    private final ServiceAddress address;
    private final SSLContext tls;
    private final Duration deadline;

    HttpsExchange(ServiceAddress address, SSLContext tls, Duration deadline) {
        this.address = address;
        this.tls = tls;
        this.deadline = deadline;
    }

    HttpAnswer get(String path) throws IOException {
        return send("GET", path, Map.of(), new byte[0]);
    }

    HttpAnswer post(String path, Map<String, String> headers, byte[] body) throws IOException {
        return send("POST", path, headers, body);
    }

    private HttpAnswer send(String method, String path, Map<String, String> headers, byte[] body) throws IOException {
        var late = new AtomicBoolean();
        var current = new AtomicReference<@Nullable Socket>();
        var watch = DEADLINES.schedule(
                () -> {
                    late.set(true);
                    close(current.get());
                },
                deadline.toMillis(),
                TimeUnit.MILLISECONDS);
        try (var plain = Dial.connect(address.bareHost(), address.port(), deadline.dividedBy(2), current::set)) {
            return exchange(plain, head(method, path, headers, body));
        } catch (IOException e) {
            if (late.get()) {
                var timeout = new SocketTimeoutException("no answer within " + deadline.toSeconds() + " s");
                timeout.initCause(e);
                throw timeout;
            }
            throw e;
        } finally {
            watch.cancel(false);
        }
    }

    private HttpAnswer exchange(Socket plain, byte[] request) throws IOException {
        try (var socket =
                (SSLSocket) tls.getSocketFactory().createSocket(plain, address.bareHost(), address.port(), true)) {
            socket.setSSLParameters(ServiceTrust.parameters());
            socket.startHandshake();
            var out = socket.getOutputStream();
            out.write(request);
            out.flush();
            return new HttpParser(new BufferedInputStream(socket.getInputStream()), LARGEST_BODY).read();
        }
    }

    private byte[] head(String method, String path, Map<String, String> headers, byte[] body) throws IOException {
        var head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: " + address.host() + ":" + address.port()
                + "\r\nConnection: close\r\n");
        headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
        if (!method.equals("GET")) {
            head.append("Content-Length: " + body.length + "\r\n");
        }
        var request = new ByteArrayOutputStream();
        request.write((head + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        request.write(body);
        return request.toByteArray();
    }

    private static void close(@Nullable Socket socket) {
        if (socket == null) {
            return;
        }
        try {
            socket.close();
        } catch (IOException e) {
            // it is closed either way
        }
    }
}

package io.gatehouse.broker.monitor;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers {@code GET /metrics} on the loopback address, and nothing else. One connection after the other on one thread, each for two
 * seconds and some kilobytes at most, so that nobody on this machine can keep it busy with memory or threads.
 */
public final class MetricsPort implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsPort.class);
    private static final int MOST_BYTES = 8 * 1024;
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final int BACKLOG = 8;

    private final ServerSocket server;
    private final Supplier<String> text;

    private MetricsPort(ServerSocket server, Supplier<String> text) {
        this.server = server;
        this.text = text;
    }

    /** {@code port} 0: any. Fails when the port is not free. */
    public static MetricsPort open(int port, Supplier<String> text) throws IOException {
        var server = new ServerSocket();
        try {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        } catch (IOException e) {
            server.close();
            throw new IOException("the metrics port " + port + " cannot be opened: " + e.getMessage(), e);
        }
        var open = new MetricsPort(server, text);
        var thread = new Thread(open::serve, "gatehouse-metrics");
        thread.setDaemon(true);
        thread.setContextClassLoader(MetricsPort.class.getClassLoader());
        thread.start();
        return open;
    }

    public int port() {
        return server.getLocalPort();
    }

    private void serve() {
        while (!server.isClosed()) {
            try (var socket = server.accept()) {
                answer(socket);
            } catch (IOException e) {
                // That client went away, or was too slow; or we are closed.
                LOG.debug("A scrape failed: {}", e.toString());
            } catch (RuntimeException e) {
                LOG.error("The metrics could not be written.", e);
            }
        }
    }

    private void answer(Socket socket) throws IOException {
        String line = requestLine(socket);
        if (line.matches("GET /metrics(\\?\\S*)? HTTP/1\\.[01]")) {
            write(socket, "200 OK", Exposition.CONTENT_TYPE, text.get());
        } else if (line.startsWith("GET ")) {
            write(socket, "404 Not Found", "text/plain", "GET /metrics\n");
        } else {
            write(socket, "405 Method Not Allowed", "text/plain", "GET /metrics\n");
        }
    }

    /** Reads the whole head, so that closing does not reset the connection under the answer. */
    private static String requestLine(Socket socket) throws IOException {
        long end = System.nanoTime() + LONGEST_NANOS;
        InputStream in = socket.getInputStream();
        var head = new StringBuilder();
        byte[] bytes = new byte[1024];
        while (head.indexOf("\r\n\r\n") < 0) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0 || head.length() > MOST_BYTES) {
                throw new IOException("no request in time, or one that is too long");
            }
            socket.setSoTimeout((int) left);
            int read = in.read(bytes);
            if (read < 0) {
                throw new IOException("no request");
            }
            head.append(new String(bytes, 0, read, StandardCharsets.ISO_8859_1));
        }
        return head.substring(0, head.indexOf("\r\n"));
    }

    private static void write(Socket socket, String status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String head = "HTTP/1.1 " + status + "\r\nContent-Type: " + type + "\r\nContent-Length: " + bytes.length
                + "\r\nConnection: close\r\n\r\n";
        var out = socket.getOutputStream();
        out.write(head.getBytes(StandardCharsets.ISO_8859_1));
        out.write(bytes);
        out.flush();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            LOG.debug("The metrics port did not close: {}", e.toString());
        }
    }
}

package io.gatehouse.benchmarks;

import io.gatehouse.x509.tls.ServiceTrust;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * One open HTTPS connection: a request goes out in one write, so that "sent" is one moment. Answers must have a Content-Length, as
 * ours do. Not thread-safe.
 */
final class KeepAlive implements AutoCloseable {
    private static final int LIMIT_MILLIS = 30_000;
    private static final int LARGEST_LINE = 8192;

    private final SSLSocket socket;
    private final InputStream in;
    private final OutputStream out;
    private final int port;

    private KeepAlive(SSLSocket socket, int port) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
        this.port = port;
    }

    static KeepAlive open(int port, SSLContext context) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("localhost", port);
        socket.setSSLParameters(ServiceTrust.parameters());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(LIMIT_MILLIS);
        socket.startHandshake();
        return new KeepAlive(socket, port);
    }

    /** An answer, with the readings of the monotonic clock just before the request was sent and just after the answer was read. */
    record Exchange(int status, String body, long sentNanos, long answeredNanos) {}

    Exchange post(String path, String authorization, String type, String body) throws IOException {
        return exchange("POST", path, authorization, type, body);
    }

    Exchange get(String path, String authorization) throws IOException {
        return exchange("GET", path, authorization, "", "");
    }

    private Exchange exchange(String method, String path, String authorization, String type, String body)
            throws IOException {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        String head =
                method + " " + path + " HTTP/1.1\r\nHost: localhost:" + port + "\r\nAuthorization: " + authorization
                        + "\r\n" + (type.isEmpty() ? "" : "Content-Type: " + type + "\r\n")
                        + "Content-Length: " + content.length + "\r\n\r\n";
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
        request.writeBytes(content);
        long sent = System.nanoTime();
        out.write(request.toByteArray());
        out.flush();
        int status = Integer.parseInt(line().split(" ", 3)[1]);
        int length = 0;
        for (String header = line(); !header.isEmpty(); header = line()) {
            if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(
                        header.substring("content-length:".length()).strip());
            }
        }
        String answer = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        return new Exchange(status, answer, sent, System.nanoTime());
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (line.length() < LARGEST_LINE) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the service closed the connection");
            }
            if (next == '\n') {
                return line.toString().stripTrailing();
            }
            line.append((char) next);
        }
        throw new IOException("a line that is too long");
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

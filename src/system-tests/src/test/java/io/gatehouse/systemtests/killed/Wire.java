package io.gatehouse.systemtests.killed;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** One HTTP exchange on one TLS connection: with many clients and many deaths, a client library would leave its threads behind. */
final class Wire {
    private static final int PATIENCE = 20_000;

    private Wire() {}

    /** An answer that arrived whole. */
    record Answer(int status, String reason, String body) {}

    /** A connection, after its handshake. */
    static SSLSocket connect(int port, SSLContext context) throws IOException {
        var plain = new Socket();
        try {
            plain.setSoTimeout(PATIENCE);
            plain.connect(new InetSocketAddress("127.0.0.1", port), PATIENCE);
            plain.setTcpNoDelay(true);
            var socket = (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", port, true);
            socket.startHandshake();
            return socket;
        } catch (IOException | RuntimeException e) {
            plain.close();
            throw e;
        }
    }

    /** Throws an IOException unless the whole answer arrived: what did not arrive whole was not answered. */
    static Answer exchange(int port, SSLContext context, String method, String path, String headers, String body)
            throws IOException {
        try (var socket = connect(port, context)) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            socket.getOutputStream()
                    .write((method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers
                                    + "Content-Length: " + bytes.length + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.UTF_8));
            var in = new BufferedInputStream(socket.getInputStream());
            int status = Integer.parseInt(line(in).split(" ")[1]);
            int length = 0;
            String reason = "";
            for (String header = line(in); !header.isEmpty(); header = line(in)) {
                String lower = header.toLowerCase(Locale.ROOT);
                if (lower.startsWith("content-length:")) {
                    length = Integer.parseInt(header.substring(15).strip());
                } else if (lower.startsWith("gatehouse-reason:")) {
                    reason = header.substring(17).strip();
                }
            }
            byte[] content = in.readNBytes(length);
            if (content.length < length) {
                throw new IOException("the answer broke off");
            }
            return new Answer(status, reason, new String(content, StandardCharsets.UTF_8));
        }
    }

    static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("the connection ended");
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.UTF_8).stripTrailing();
    }
}

package io.gatehouse.enrollment.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A peer that sends exactly the bytes it is told to, over TLS or not, and shows exactly what comes back. */
public final class RawPeer implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private RawPeer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(20_000);
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    public static RawPeer plain(int port) throws IOException {
        return new RawPeer(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    public static RawPeer tls(int port, SSLContext context, String... protocols) throws IOException {
        return tls((SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port), protocols);
    }

    /** From one of the loopback addresses, 127.0.0.0/8: so one machine is many sources. */
    public static RawPeer tlsFrom(String source, int port, SSLContext context) throws IOException {
        var service = InetAddress.getByName("127.0.0.1");
        return tls(
                (SSLSocket) context.getSocketFactory().createSocket(service, port, InetAddress.getByName(source), 0));
    }

    private static RawPeer tls(SSLSocket socket, String... protocols) throws IOException {
        if (protocols.length > 0) {
            socket.setEnabledProtocols(protocols);
        }
        socket.startHandshake();
        return new RawPeer(socket);
    }

    public Socket socket() {
        return socket;
    }

    public SSLSocket tlsSocket() {
        return (SSLSocket) socket;
    }

    public RawPeer send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    public RawPeer send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return this;
    }

    /** What one read gives: with TLS at most one record. */
    public String readOnce() throws IOException {
        var buffer = new byte[32 * 1024];
        int length = in.read(buffer);
        return length < 0 ? "" : new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
    }

    /** Everything until the server closes; with TLS the JDK throws when there was no close_notify. */
    public Reply readToEnd() throws IOException {
        var all = new ByteArrayOutputStream();
        in.transferTo(all);
        return Reply.parse(all.toString(StandardCharsets.ISO_8859_1));
    }

    /** Whether the server ended the connection, in whatever way. */
    public boolean ended() {
        try {
            return in.read() < 0;
        } catch (IOException e) {
            return !(e instanceof java.net.SocketTimeoutException);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** A parsed answer; the head's lines are as they came. */
    public record Reply(int status, List<String> head, String body) {
        static Reply parse(String text) {
            int end = text.indexOf("\r\n\r\n");
            if (end < 0) {
                throw new AssertionError("no answer: " + text);
            }
            var head = new ArrayList<>(List.of(text.substring(0, end).split("\r\n")));
            int status = Integer.parseInt(head.remove(0).split(" ")[1]);
            return new Reply(status, head, text.substring(end + 4));
        }

        public String header(String name) {
            return head.stream()
                    .filter(line -> line.startsWith(name + ": "))
                    .map(line -> line.substring(name.length() + 2))
                    .findFirst()
                    .orElse("");
        }
    }
}

package io.gatehouse.systemtests;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A connection on which a test sends any bytes it likes. */
public final class RawConnection implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(15);

    private final Socket socket;

    private RawConnection(Socket socket) {
        this.socket = socket;
    }

    /** Plain TCP. */
    public static RawConnection tcp(int port) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress("localhost", port), (int) LIMIT.toMillis());
        socket.setSoTimeout((int) LIMIT.toMillis());
        return new RawConnection(socket);
    }

    /** TLS, with the host name checked as HTTPS does. */
    public static RawConnection tls(int port, SSLContext context) throws IOException {
        RawConnection plain = tcp(port);
        SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(plain.socket, "localhost", port, true);
        var parameters = tls.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        return new RawConnection(tls);
    }

    /** Sends bytes; a peer that has already closed does not matter. */
    public RawConnection send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        } catch (IOException closed) {
            // What the peer said before it closed is read by answer().
        }
        return this;
    }

    /** Sends text. */
    public RawConnection send(String text) {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Everything the peer says until it closes; fails when it keeps the connection open for too long. */
    public byte[] answer() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] chunk = new byte[4096];
        try {
            for (int n = socket.getInputStream().read(chunk);
                    n >= 0;
                    n = socket.getInputStream().read(chunk)) {
                all.write(chunk, 0, n);
            }
        } catch (SocketTimeoutException stillOpen) {
            throw new AssertionError("still open after " + LIMIT + ", said: " + all, stillOpen);
        } catch (IOException reset) {
            // Closed as well, only less politely.
        }
        return all.toByteArray();
    }

    /** {@link #answer()} as text. */
    public String text() {
        return new String(answer(), StandardCharsets.ISO_8859_1);
    }

    /** The first line of an HTTP answer and the rest, without waiting for the end of the connection. */
    public String head() {
        StringBuilder head = new StringBuilder();
        try {
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = socket.getInputStream().read();
                if (next < 0) {
                    break;
                }
                head.append((char) next);
            }
        } catch (SocketTimeoutException silent) {
            throw new AssertionError("no answer within " + LIMIT, silent);
        } catch (IOException reset) {
            // Whatever came before is the answer.
        }
        return head.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

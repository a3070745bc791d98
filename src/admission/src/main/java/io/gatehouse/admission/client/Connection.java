package io.gatehouse.admission.client;

import io.gatehouse.x509.tls.ServiceTrust;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * One HTTP/1.1 connection over mutual TLS, one exchange after the other (RFC 9112). Own sockets instead of a client library, because a
 * line of the feed has to reach its reader in the moment it arrives, and the read timeout is the watchdog. The host name is checked.
 * For one thread; {@link #close} from any.
 */
final class Connection implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int DEFAULT_PORT = 443;
    private static final int BUFFER = 1 << 16;
    private static final int MAX_LINE = 8192;
    private static final int MAX_HEADERS = 100;

    private final SSLSocket socket;
    private final String authority;
    private final InputStream in;
    private final OutputStream out;

    private Connection(SSLSocket socket, String authority) throws IOException {
        this.socket = socket;
        this.authority = authority;
        this.in = new BufferedInputStream(socket.getInputStream(), BUFFER);
        this.out = socket.getOutputStream();
    }

    /** Connects and shakes hands. {@code https://host:port}. */
    static Connection open(URI service, SSLContext tls) throws IOException {
        String host = service.getHost().replace("[", "").replace("]", "");
        int port = service.getPort() < 0 ? DEFAULT_PORT : service.getPort();
        int millis = Math.toIntExact(CONNECT.toMillis());
        var plain = new Socket();
        try {
            plain.setTcpNoDelay(true);
            plain.setKeepAlive(true);
            plain.setSoTimeout(millis);
            plain.connect(new InetSocketAddress(host, port), millis);
            var socket = (SSLSocket) tls.getSocketFactory().createSocket(plain, host, port, true);
            socket.setSSLParameters(ServiceTrust.parameters());
            socket.startHandshake();
            return new Connection(socket, service.getAuthority());
        } catch (IOException | RuntimeException e) {
            plain.close();
            throw e;
        }
    }

    /** How long to wait for bytes before the connection counts as dead. */
    void patience(Duration patience) throws IOException {
        socket.setSoTimeout(Math.toIntExact(patience.toMillis()));
    }

    Answer get(String target, String... headers) throws IOException {
        return exchange("GET", target, new byte[0], headers);
    }

    Answer post(String target, String contentType, byte[] body) throws IOException {
        return exchange("POST", target, body, "Content-Type: " + contentType, "Content-Length: " + body.length);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is being given up; there is nobody to tell.
            return;
        }
    }

    /** Head and body leave in one write, so in one TLS record where they fit. */
    private Answer exchange(String method, String target, byte[] body, String... headers) throws IOException {
        var request = new StringBuilder(256);
        request.append(method).append(' ').append(target).append(" HTTP/1.1\r\nHost: ");
        request.append(authority).append("\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        var bytes = new ByteArrayOutputStream(request.length() + body.length + 2);
        bytes.writeBytes(request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        bytes.writeBytes(body);
        out.write(bytes.toByteArray());
        out.flush();
        return answer();
    }

    private Answer answer() throws IOException {
        int status = status(line());
        while (status / 100 == 1) {
            headers();
            status = status(line());
        }
        Map<String, String> headers = headers();
        return new Answer(status, headers, body(status, headers));
    }

    private static int status(String line) throws IOException {
        if (!line.matches("HTTP/1\\.[01] [1-5][0-9]{2}( .*)?")) {
            throw new ProtocolException("not an HTTP answer");
        }
        return Integer.parseInt(line.substring(9, 12));
    }

    private Map<String, String> headers() throws IOException {
        var headers = new HashMap<String, String>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon < 1 || headers.size() == MAX_HEADERS) {
                throw new ProtocolException("not an HTTP header");
            }
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return headers;
    }

    private InputStream body(int status, Map<String, String> headers) throws IOException {
        if (status == 204 || status == 304) {
            return InputStream.nullInputStream();
        }
        if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
            return new ChunkedBody(in);
        }
        String length = headers.get("content-length");
        if (length == null) {
            return in;
        }
        if (!length.matches("[0-9]{1,15}")) {
            throw new ProtocolException("not a content length");
        }
        return new SizedBody(in, Long.parseLong(length));
    }

    private String line() throws IOException {
        return line(in);
    }

    static String line(InputStream in) throws IOException {
        var line = new StringBuilder(80);
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0 || line.length() == MAX_LINE) {
                throw new ProtocolException(c < 0 ? "the service closed the connection" : "a header that is too long");
            }
            line.append((char) c);
        }
        int end = line.length();
        return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
    }
}

package io.gatehouse.benchmarks;

import io.gatehouse.x509.der.DerReader;
import io.gatehouse.x509.der.DerTag;
import io.gatehouse.x509.der.DerWriter;
import io.gatehouse.x509.der.MalformedException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Locale;

/** One relying party with an open connection to the pki port. Holds every answer to be a successful one. Not thread-safe. */
final class OcspAsker implements AutoCloseable {
    private static final int LIMIT_MILLIS = 30_000;
    private static final int LARGEST_LINE = 8192;
    private static final byte[] NONCE = DerWriter.oid("1.3.6.1.5.5.7.48.1.2");

    private final Socket socket;
    private final InputStream in;

    private OcspAsker(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    static OcspAsker connect(int port) throws IOException {
        Socket socket = new Socket("localhost", port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(LIMIT_MILLIS);
        return new OcspAsker(socket);
    }

    /** The DER of a CertID by SHA-1, as most clients write it. */
    static byte[] certId(X509Certificate issuer, BigInteger serial) {
        try {
            DerReader key = new DerReader(issuer.getPublicKey().getEncoded()).sequence();
            key.skip();
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            return DerWriter.sequence(
                    DerWriter.sequence(DerWriter.oid("1.3.14.3.2.26"), DerWriter.nullValue()),
                    DerWriter.octetString(
                            sha1.digest(issuer.getSubjectX500Principal().getEncoded())),
                    DerWriter.octetString(sha1.digest(key.bitString())),
                    DerWriter.integer(serial));
        } catch (MalformedException | NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static byte[] request(byte[] certId) {
        return DerWriter.sequence(DerWriter.sequence(DerWriter.sequence(DerWriter.sequence(certId))));
    }

    /** With a nonce (RFC 9654), so that no answer can be given twice. */
    static byte[] request(byte[] certId, byte[] nonce) {
        byte[] extension = DerWriter.sequence(NONCE, DerWriter.octetString(DerWriter.octetString(nonce)));
        return DerWriter.sequence(DerWriter.sequence(
                DerWriter.sequence(DerWriter.sequence(certId)),
                DerWriter.constructed(2, DerWriter.sequence(extension))));
    }

    /** The bytes of an HTTP request by POST. */
    static byte[] post(byte[] request) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(
                ascii("POST /pki/ocsp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/ocsp-request\r\n"
                        + "Content-Length: " + request.length + "\r\n\r\n"));
        bytes.writeBytes(request);
        return bytes.toByteArray();
    }

    /** The bytes of an HTTP request by GET (RFC 9919, section 5). */
    static byte[] get(byte[] request) {
        String path = URLEncoder.encode(Base64.getEncoder().encodeToString(request), StandardCharsets.US_ASCII);
        return ascii("GET /pki/ocsp/" + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }

    /** Sends one request and reads its answer. */
    void ask(byte[] http) throws IOException {
        socket.getOutputStream().write(http);
        String status = line();
        int length = -1;
        for (String header = line(); !header.isEmpty(); header = line()) {
            if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(
                        header.substring("content-length:".length()).strip());
            }
        }
        byte[] body = in.readNBytes(Math.max(0, length));
        if (!status.startsWith("HTTP/1.1 200") || !successful(body)) {
            throw new BenchFailed("the responder answered " + status + " with " + length + " bytes");
        }
    }

    /** Whether it is a signed answer, and not one that says what went wrong. */
    static boolean successful(byte[] body) {
        try {
            DerReader answer = new DerReader(body).sequence();
            return answer.content(DerTag.ENUMERATED)[0] == 0 && answer.hasMore();
        } catch (MalformedException garbage) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
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

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

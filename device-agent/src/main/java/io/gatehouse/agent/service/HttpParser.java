package io.gatehouse.agent.service;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Reads one HTTP/1.1 answer (RFC 9112) within bounds: 16 KiB of head, and a body of at most so many bytes. */
final class HttpParser {
    private static final int LONGEST_HEAD = 16 * 1024;

    private final InputStream in;
    private final int largestBody;
    private int headLeft = LONGEST_HEAD;

    HttpParser(InputStream in, int largestBody) {
        this.in = in;
        this.largestBody = largestBody;
    }

    HttpAnswer read() throws IOException {
        var status = status(line());
        while (status >= 100 && status < 200) {
            headers();
            status = status(line());
        }
        var headers = headers();
        return new HttpAnswer(status, headers, status == 204 || status == 304 ? new byte[0] : body(headers));
    }

    private static int status(String line) throws IOException {
        if (!line.matches("HTTP/1\\.[01] [1-5][0-9][0-9]( .*)?")) {
            throw new IOException("the answer is not HTTP/1.1");
        }
        return Integer.parseInt(line, 9, 12, 10);
    }

    private Map<String, String> headers() throws IOException {
        var headers = new HashMap<String, String>();
        for (var line = line(); !line.isEmpty(); line = line()) {
            var colon = line.indexOf(':');
            if (colon <= 0) {
                throw new IOException("a header line without a name");
            }
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return headers;
    }

    private byte[] body(Map<String, String> headers) throws IOException {
        var encoding = headers.get("transfer-encoding");
        if (encoding != null) {
            if (!encoding.equalsIgnoreCase("chunked")) {
                throw new IOException("a transfer encoding that is not chunked");
            }
            return chunks();
        }
        var length = headers.get("content-length");
        if (length == null) {
            var body = in.readNBytes(largestBody + 1);
            return bounded(body);
        }
        if (!length.matches("[0-9]{1,9}") || Integer.parseInt(length) > largestBody) {
            throw new IOException("a body above " + largestBody + " bytes, or of no length");
        }
        return exactly(Integer.parseInt(length));
    }

    private byte[] chunks() throws IOException {
        var body = new ByteArrayOutputStream();
        while (true) {
            var size = line().replaceFirst("[ \t]*;.*", "");
            if (!size.matches("[0-9a-fA-F]{1,7}")) {
                throw new IOException("a chunk without a size");
            }
            var length = Integer.parseInt(size, 16);
            if (length == 0) {
                headers();
                return body.toByteArray();
            }
            if (length > largestBody - body.size()) {
                throw new IOException("a body above " + largestBody + " bytes");
            }
            body.write(exactly(length));
            if (!line().isEmpty()) {
                throw new IOException("a chunk that is longer than its size");
            }
        }
    }

    private byte[] bounded(byte[] body) throws IOException {
        if (body.length > largestBody) {
            throw new IOException("a body above " + largestBody + " bytes");
        }
        return body;
    }

    private byte[] exactly(int length) throws IOException {
        var bytes = in.readNBytes(length);
        if (bytes.length != length) {
            throw new EOFException("the answer is cut off");
        }
        return bytes;
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        while (true) {
            var octet = in.read();
            if (octet < 0) {
                throw new EOFException("the answer is cut off");
            }
            if (--headLeft < 0) {
                throw new IOException("an answer whose head is above " + LONGEST_HEAD + " bytes");
            }
            if (octet == '\n') {
                var text = line.toString(StandardCharsets.ISO_8859_1);
                return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
            }
            line.write(octet);
        }
    }
}

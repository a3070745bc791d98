package io.gatehouse.enrollment.est;

import io.gatehouse.enrollment.http.Answer;
import io.gatehouse.enrollment.http.Request;
import io.gatehouse.enrollment.http.Unreadable;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.x509.der.MalformedException;
import io.gatehouse.x509.est.EstCodec;
import java.util.Locale;

/** The bodies of EST on the wire: base64 both ways, in the shape that the asking client can read. */
public final class EstBodies {
    public static final String CERTS_ONLY = "application/pkcs7-mime; smime-type=certs-only";
    static final String CERTS = "application/pkcs7-mime";
    static final String CSR_ATTRS = "application/csrattrs";
    private static final String PKCS10 = "application/pkcs10";

    private EstBodies() {}

    /** An answer in one line of base64, in lines of 64 for libest, which cannot read long ones. */
    public static Answer.Whole answer(Request request, String contentType, byte[] der) {
        boolean libest =
                request.header("User-Agent").orElse("").toLowerCase(Locale.ROOT).startsWith("libest");
        var body = libest ? EstCodec.encodeWrapped(der) : EstCodec.encodeOneLine(der);
        // RFC 8951 has no use for this header, but Bouncy Castle decodes base64 only when it is there.
        return Answer.of(200, contentType, body).with("Content-Transfer-Encoding", "base64");
    }

    /** The DER of the PKCS#10 request in the body. Throws {@link Unreadable}. */
    public static byte[] pkcs10(Request request) {
        var type = request.header("Content-Type").orElse("").toLowerCase(Locale.ROOT);
        int semicolon = type.indexOf(';');
        if (!(semicolon < 0 ? type : type.substring(0, semicolon)).strip().equals(PKCS10)) {
            throw new Unreadable(RefusalReason.WRONG_CONTENT_TYPE, "the content type must be " + PKCS10);
        }
        var body = request.body();
        if (body.length > EstCodec.LARGEST_REQUEST_BODY) {
            throw new Unreadable(
                    RefusalReason.TOO_LARGE, "at most " + EstCodec.LARGEST_REQUEST_BODY + " bytes are taken here");
        }
        try {
            return EstCodec.decode(body, EstCodec.LARGEST_REQUEST_BODY);
        } catch (MalformedException e) {
            throw new Unreadable(
                    RefusalReason.BAD_REQUEST, "the body must be the base64 of a PKCS#10 request" + hint(body));
        }
    }

    private static String hint(byte[] body) {
        if (body.length > 0 && body[0] == '-') {
            return ", without the BEGIN and END lines of PEM";
        }
        return body.length > 0 && body[0] == 0x30 ? ", not its DER" : "";
    }
}

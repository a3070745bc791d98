package io.gatehouse.x509.est;

import io.gatehouse.identity.RefusalReason;
import io.gatehouse.x509.Certificates;
import io.gatehouse.x509.Parsed;
import io.gatehouse.x509.Pkcs10Request;
import io.gatehouse.x509.der.DerReader;
import io.gatehouse.x509.der.DerTag;
import io.gatehouse.x509.der.DerWriter;
import io.gatehouse.x509.der.MalformedException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * EST bodies: base64 of DER in both directions, whatever Content-Transfer-Encoding says (RFC 8951, section 3.1), and the certs-only form of
 * CMS SignedData (RFC 5272, section 4.1). Stateless.
 */
public final class EstCodec {
    /** The largest base64 body of a request, in bytes: a request of {@link Pkcs10Request#LARGEST} with CRLF after every 64 characters. */
    public static final int LARGEST_REQUEST_BODY = 24 * 1024;

    private static final int LARGEST_CERTS_ONLY = 256 * 1024;
    private static final int MOST_CERTIFICATES = 32;
    private static final String SIGNED_DATA = "1.2.840.113549.1.7.2";
    private static final String DATA = "1.2.840.113549.1.7.1";

    private EstCodec() {}

    /** Base64 in one line without a line end: what strongSwan needs and RFC 8951 has as its default. */
    public static byte[] encodeOneLine(byte[] der) {
        return Base64.getEncoder().encode(der);
    }

    /** Base64 in lines of 64 characters, each ended by LF: what libest needs. */
    public static byte[] encodeWrapped(byte[] der) {
        var base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encode(der);
        var out = Arrays.copyOf(base64, base64.length + 1);
        out[base64.length] = '\n';
        return out;
    }

    /** The bytes of a base64 body; CR, LF, blank and tab are skipped anywhere, everything else must be base64 with its padding. */
    public static byte[] decode(byte[] body, int largestDecoded) throws MalformedException {
        var text = new byte[body.length];
        var length = 0;
        for (var b : body) {
            if (b != '\r' && b != '\n' && b != ' ' && b != '\t') {
                text[length++] = b;
            }
        }
        if (length == 0 || length % 4 != 0) {
            throw new MalformedException("a body that is empty or not base64 with its padding");
        }
        if (length / 4L * 3 - 2 > largestDecoded) {
            throw new MalformedException("a body above " + largestDecoded + " bytes");
        }
        try {
            return Base64.getDecoder().decode(Arrays.copyOf(text, length));
        } catch (IllegalArgumentException e) {
            throw new MalformedException("a body that is not base64");
        }
    }

    /** The certification request in the body of simpleenroll or simplereenroll. */
    public static Parsed<Pkcs10Request> request(byte[] body) {
        if (body.length > LARGEST_REQUEST_BODY) {
            return Parsed.malformed(RefusalReason.TOO_LARGE, "a body above " + LARGEST_REQUEST_BODY + " bytes");
        }
        try {
            return Pkcs10Request.parse(decode(body, LARGEST_REQUEST_BODY));
        } catch (MalformedException e) {
            return Parsed.malformed(RefusalReason.BAD_REQUEST, e.getMessage());
        }
    }

    /** Certs-only CMS SignedData with the certificates in this order. */
    public static byte[] certsOnly(List<X509Certificate> certificates) {
        return certsOnlyDer(certificates.stream().map(Certificates::der).toList());
    }

    /** The same of certificates that are encoded already. */
    public static byte[] certsOnlyDer(List<byte[]> certificates) {
        var encoded = certificates.toArray(byte[][]::new);
        return DerWriter.sequence(
                DerWriter.oid(SIGNED_DATA),
                DerWriter.constructed(
                        0,
                        DerWriter.sequence(
                                DerWriter.integer(1),
                                DerWriter.set(),
                                DerWriter.sequence(DerWriter.oid(DATA)),
                                DerWriter.constructed(0, encoded),
                                DerWriter.set())));
    }

    /** The certificates of certs-only CMS SignedData in their order, 1 to 32; anything signed in it is refused. */
    public static List<X509Certificate> parseCertsOnly(byte[] der) throws MalformedException {
        if (der.length > LARGEST_CERTS_ONLY) {
            throw new MalformedException("certificates above " + LARGEST_CERTS_ONLY + " bytes");
        }
        var outer = new DerReader(der);
        var contentInfo = outer.sequence();
        outer.end();
        if (!contentInfo.oid().equals(SIGNED_DATA)) {
            throw new MalformedException("CMS that is not SignedData");
        }
        var explicit = contentInfo.open(DerTag.constructed(0));
        contentInfo.end();
        var signedData = explicit.sequence();
        explicit.end();
        signedData.integer(5);
        signedData.set();
        signedData.sequence();
        var certificates = certificates(signedData.open(DerTag.constructed(0)));
        if (signedData.next(DerTag.constructed(1))) {
            signedData.skip();
        }
        signedData.set().end();
        signedData.end();
        return certificates;
    }

    private static List<X509Certificate> certificates(DerReader list) throws MalformedException {
        var certificates = new ArrayList<X509Certificate>();
        while (list.hasMore()) {
            if (certificates.size() == MOST_CERTIFICATES) {
                throw new MalformedException("more than " + MOST_CERTIFICATES + " certificates");
            }
            certificates.add(Certificates.parse(list.element(DerTag.SEQUENCE)));
        }
        if (certificates.isEmpty()) {
            throw new MalformedException("certs-only CMS without a certificate");
        }
        return List.copyOf(certificates);
    }

    /** The certificates in a base64 answer, as cacerts, simpleenroll and simplereenroll give it. */
    public static List<X509Certificate> certificates(byte[] body) throws MalformedException {
        return parseCertsOnly(decode(body, LARGEST_CERTS_ONLY));
    }

    /** The body of a request for these bytes, as text. */
    public static String requestBody(byte[] pkcs10) {
        return new String(encodeOneLine(pkcs10), StandardCharsets.US_ASCII);
    }
}

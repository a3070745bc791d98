package io.gatehouse.x509;

import io.gatehouse.x509.der.DerReader;
import io.gatehouse.x509.der.DerStream;
import io.gatehouse.x509.der.DerTag;
import io.gatehouse.x509.der.DerWriter;
import io.gatehouse.x509.der.MalformedException;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a certificate revocation list (RFC 5280, section 5) of any length from a stream, entry by entry, in memory that does not grow with it,
 * and verifies its signature on the way. Entries reach the caller before the signature is known to be good: collect them, and use them only
 * when {@link #read} has returned. Delta and indirect lists, and unknown critical extensions, are refused. Stateless.
 */
public final class CrlStream {
    private static final int LARGEST_ELEMENT = 64 * 1024;
    private static final String CRL_NUMBER = "2.5.29.20";
    private static final String REASON_CODE = "2.5.29.21";

    private CrlStream() {}

    /** One revoked certificate: its serial, since when, and the CRLReason's number (0 when none is given). */
    public record Entry(BigInteger serial, Instant revokedAt, int reason) {}

    /** What the list says about itself. */
    public record Summary(
            Subject issuer,
            Instant thisUpdate,
            Optional<Instant> nextUpdate,
            Optional<BigInteger> number,
            long entries) {}

    /**
     * Reads the whole stream, up to its end.
     *
     * @throws MalformedException when it is no such list, or its signature is not by this key
     */
    public static Summary read(InputStream in, PublicKey issuerKey, Consumer<Entry> entries)
            throws IOException, MalformedException {
        var outer = new DerStream(in);
        var whole = outer.open(DerTag.SEQUENCE);
        var start = outer.position();
        var signed = new Signed(in);
        var reader = new DerStream(signed);
        var list = reader.open(DerTag.SEQUENCE);
        var end = reader.position() + list.length();

        var first = reader.element(LARGEST_ELEMENT);
        if (first[0] != DerTag.INTEGER || new DerReader(first).integer(1) != 1) {
            throw new MalformedException("a revocation list that is not version 2");
        }
        var algorithm = reader.element(LARGEST_ELEMENT);
        signed.verifyWith(issuerKey, algorithm);
        var issuer = Subject.parse(reader.element(LARGEST_ELEMENT));
        var thisUpdate = new DerReader(reader.element(64)).time();

        Optional<Instant> nextUpdate = Optional.empty();
        Optional<BigInteger> number = Optional.empty();
        var count = 0L;
        while (reader.position() < end) {
            var header = reader.header();
            if (header.tag() == DerTag.UTC_TIME || header.tag() == DerTag.GENERALIZED_TIME) {
                nextUpdate = Optional.of(time(header.tag(), reader.content(header, 64)));
            } else if (header.tag() == DerTag.SEQUENCE) {
                count += entries(reader, reader.position() + header.length(), entries);
            } else if (header.tag() == DerTag.constructed(0)) {
                number = number(new DerReader(reader.content(header, LARGEST_ELEMENT)).sequence());
            } else {
                throw new MalformedException("a revocation list with an element that it cannot hold");
            }
        }
        if (reader.position() != end) {
            throw new MalformedException("an element longer than what holds it");
        }
        var signature = signed.signature();
        var outerAlgorithm = outer.element(LARGEST_ELEMENT);
        if (!Arrays.equals(algorithm, outerAlgorithm)) {
            throw new MalformedException("a revocation list whose two signature algorithms differ");
        }
        var value = new DerReader(outer.element(LARGEST_ELEMENT)).bitString();
        outer.end();
        if (whole.length() != reader.position() + outer.position() - start) {
            throw new MalformedException("an element longer or shorter than what holds it");
        }
        verify(signature, value);
        return new Summary(issuer, thisUpdate, nextUpdate, number, count);
    }

    private static long entries(DerStream reader, long end, Consumer<Entry> entries)
            throws IOException, MalformedException {
        var count = 0L;
        while (reader.position() < end) {
            var entry = new DerReader(reader.content(reader.open(DerTag.SEQUENCE), LARGEST_ELEMENT));
            var serial = entry.integer();
            var revokedAt = entry.time();
            var reason = entry.hasMore() ? reason(entry.sequence()) : 0;
            entry.end();
            entries.accept(new Entry(serial, revokedAt, reason));
            count++;
        }
        return count;
    }

    private static int reason(DerReader extensions) throws MalformedException {
        var reason = 0;
        while (extensions.hasMore()) {
            var extension = extensions.sequence();
            var oid = extension.oid();
            var critical = extension.next(DerTag.BOOLEAN) && extension.bool();
            var value = new DerReader(extension.octetString());
            if (oid.equals(REASON_CODE)) {
                var content = value.content(DerTag.ENUMERATED);
                if (content.length != 1 || content[0] < 0 || content[0] > 10) {
                    throw new MalformedException("a revocation reason outside 0 to 10");
                }
                reason = content[0];
            } else if (critical) {
                throw new MalformedException("a revocation entry with an unknown critical extension");
            }
        }
        return reason;
    }

    private static Optional<BigInteger> number(DerReader extensions) throws MalformedException {
        Optional<BigInteger> number = Optional.empty();
        while (extensions.hasMore()) {
            var extension = extensions.sequence();
            var oid = extension.oid();
            var critical = extension.next(DerTag.BOOLEAN) && extension.bool();
            var value = new DerReader(extension.octetString());
            if (oid.equals(CRL_NUMBER)) {
                number = Optional.of(value.integer());
            } else if (critical) {
                throw new MalformedException("a revocation list with an unknown critical extension");
            }
        }
        return number;
    }

    private static Instant time(int tag, byte[] content) throws MalformedException {
        return new DerReader(DerWriter.element(tag, content)).time();
    }

    private static void verify(Signature signature, byte[] value) throws MalformedException {
        try {
            if (signature.verify(value)) {
                return;
            }
        } catch (SignatureException e) {
            // providers disagree whether a malformed signature value is false or an exception
        }
        throw new MalformedException("a revocation list whose signature is not its issuer's");
    }

    /** Passes bytes on and into the signature; holds back those that came before the algorithm was known. */
    private static final class Signed extends FilterInputStream {
        private final ByteArrayOutputStream before = new ByteArrayOutputStream();
        private @Nullable Signature signature;

        Signed(InputStream in) {
            super(in);
        }

        void verifyWith(PublicKey key, byte[] algorithm) throws MalformedException {
            var name = SignatureAlgorithms.jcaName(algorithm)
                    .orElseThrow(() -> new MalformedException("a signature algorithm that is not accepted"));
            try {
                var verifier = Signature.getInstance(name);
                verifier.initVerify(key);
                verifier.update(before.toByteArray());
                signature = verifier;
            } catch (GeneralSecurityException e) {
                throw new MalformedException("a signature algorithm that is not of the issuer's key");
            }
        }

        Signature signature() {
            return Objects.requireNonNull(signature);
        }

        @Override
        public int read() throws IOException {
            var octet = super.read();
            if (octet >= 0) {
                update(new byte[] {(byte) octet}, 0, 1);
            }
            return octet;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            var count = super.read(bytes, offset, length);
            if (count > 0) {
                update(bytes, offset, count);
            }
            return count;
        }

        private void update(byte[] bytes, int offset, int length) throws IOException {
            if (signature == null) {
                before.write(bytes, offset, length);
                return;
            }
            try {
                signature.update(bytes, offset, length);
            } catch (SignatureException e) {
                throw new IOException("the signature cannot be computed", e);
            }
        }
    }
}

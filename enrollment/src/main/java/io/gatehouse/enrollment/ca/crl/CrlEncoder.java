package io.gatehouse.enrollment.ca.crl;

import io.gatehouse.x509.der.DerTag;
import io.gatehouse.x509.der.DerWriter;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * Makes signed CRLs (RFC 5280, section 5): version 2, with CRL number and authority key identifier, without an issuing distribution
 * point, because ours are complete. Thread-safe.
 */
public final class CrlEncoder {
    private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
    private static final String AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";
    private static final String CRL_NUMBER = "2.5.29.20";
    private static final byte[] VERSION_2 = DerWriter.integer(1);
    private static final byte[] ALGORITHM = DerWriter.sequence(DerWriter.oid(ECDSA_WITH_SHA256));

    /** More than version, algorithm, two times and one header take. */
    private static final int BEFORE_ENTRIES = 100;

    private final CrlIssuer issuer;

    public CrlEncoder(CrlIssuer issuer) {
        this.issuer = issuer;
    }

    /** The CRL of that set. A revocation by a clock that was ahead is not told to be after {@code thisUpdate}. */
    public PublishedCrl encode(Revocations revoked, BigInteger number, Instant thisUpdate, Instant nextUpdate) {
        var tbs = tbs(revoked, number, thisUpdate, nextUpdate);
        var signature = DerWriter.bitString(issuer.signer().apply(tbs));
        var der = DerWriter.sequence(tbs, ALGORITHM, signature);
        return new PublishedCrl(number, thisUpdate, nextUpdate, revoked.size(), der);
    }

    /** TBSCertList, in one array of the right size: the entries are written where they stay. */
    private byte[] tbs(Revocations revoked, BigInteger number, Instant thisUpdate, Instant nextUpdate) {
        long latest = thisUpdate.getEpochSecond();
        var entries = EntryWriter.length(revoked, latest);
        var before = ByteBuffer.allocate(BEFORE_ENTRIES + issuer.name().length)
                .put(VERSION_2)
                .put(ALGORITHM)
                .put(issuer.name())
                .put(DerWriter.time(thisUpdate))
                .put(DerWriter.time(nextUpdate))
                .put(entries == 0 ? new byte[0] : DerWriter.header(DerTag.SEQUENCE, entries))
                .flip();
        var after = DerWriter.constructed(0, extensions(number));
        int length = Math.addExact(before.remaining() + after.length, entries);
        var header = DerWriter.header(DerTag.SEQUENCE, length);
        var tbs = new byte[Math.addExact(header.length, length)];
        var out = ByteBuffer.wrap(tbs).put(header).put(before);
        out.position(new EntryWriter(revoked, latest, tbs, out.position()).writeAll())
                .put(after);
        if (out.hasRemaining()) {
            throw new IllegalStateException("entries of another length than announced");
        }
        return tbs;
    }

    private byte[] extensions(BigInteger number) {
        var keyIdentifier = DerWriter.sequence(DerWriter.primitive(0, issuer.keyIdentifier()));
        return DerWriter.sequence(
                extension(AUTHORITY_KEY_IDENTIFIER, keyIdentifier), extension(CRL_NUMBER, DerWriter.integer(number)));
    }

    private static byte[] extension(String oid, byte[] value) {
        return DerWriter.sequence(DerWriter.oid(oid), DerWriter.octetString(value));
    }
}

package io.gatehouse.enrollment.ca.crl;

import io.gatehouse.x509.der.DerTag;
import io.gatehouse.x509.der.DerWriter;
import java.math.BigInteger;
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

    private final CrlIssuer issuer;

    public CrlEncoder(CrlIssuer issuer) {
        this.issuer = issuer;
    }

    /** The CRL of that set. {@code thisUpdate} must not be before any revocation in it. */
    public PublishedCrl encode(RevokedSet revoked, BigInteger number, Instant thisUpdate, Instant nextUpdate) {
        if (revoked.notBeforeAny(thisUpdate).isAfter(thisUpdate)) {
            throw new IllegalArgumentException("a CRL from before a revocation in it");
        }
        var tbs = DerWriter.sequence(
                VERSION_2,
                ALGORITHM,
                issuer.name(),
                DerWriter.time(thisUpdate),
                DerWriter.time(nextUpdate),
                revoked.size() == 0 ? new byte[0] : DerWriter.element(DerTag.SEQUENCE, entries(revoked)),
                DerWriter.constructed(0, extensions(number)));
        var der = DerWriter.sequence(
                tbs, ALGORITHM, DerWriter.bitString(issuer.signer().apply(tbs)));
        return new PublishedCrl(number, thisUpdate, nextUpdate, revoked.size(), der);
    }

    /** All entries one after the other, in one array of the right size. */
    private static byte[] entries(RevokedSet revoked) {
        var sorted = revoked.sorted();
        var length = 0;
        for (var entry : sorted) {
            length = Math.addExact(length, EntryWriter.length(entry));
        }
        var writer = new EntryWriter(length);
        for (var entry : sorted) {
            writer.write(entry);
        }
        return writer.bytes();
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

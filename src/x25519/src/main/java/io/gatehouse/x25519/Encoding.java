package io.gatehouse.x25519;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** An encoding of RFC 8410: 32 bytes behind a head that never changes. Immutable. */
final class Encoding {
    /** SubjectPublicKeyInfo. */
    static final Encoding X509 = new Encoding("302a300506032b656e032100");
    /** OneAsymmetricKey, without attributes and public key. */
    static final Encoding PKCS8 = new Encoding("302e020100300506032b656e04220420");

    static final int LENGTH = 32;

    private final byte[] head;

    private Encoding(String head) {
        this.head = HexFormat.of().parseHex(head);
    }

    byte[] wrap(byte[] raw) {
        byte[] encoded = Arrays.copyOf(head, head.length + LENGTH);
        System.arraycopy(raw, 0, encoded, head.length, LENGTH);
        return encoded;
    }

    /** The 32 bytes; empty for every other encoding, even of the same key. */
    Optional<byte[]> unwrap(byte[] encoded) {
        boolean known =
                encoded.length == head.length + LENGTH && Arrays.equals(encoded, 0, head.length, head, 0, head.length);
        return known ? Optional.of(Arrays.copyOfRange(encoded, head.length, encoded.length)) : Optional.empty();
    }
}

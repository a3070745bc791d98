package io.gatehouse.identity;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The SHA-256 of a DER encoding, as 64 lower-case hex digits. A certificate is identified by it everywhere: registry, replica,
 * API, audit. Immutable and thread-safe.
 */
public record Fingerprint(String hex) implements Comparable<Fingerprint> {
    private static final int LENGTH = 64;

    public Fingerprint {
        if (!valid(hex)) {
            throw new IllegalArgumentException("not a SHA-256 fingerprint: 64 lower-case hex digits");
        }
    }

    /** Throws IllegalArgumentException unless the text is 64 lower-case hex digits. */
    public static Fingerprint of(String hex) {
        return new Fingerprint(hex);
    }

    /** The fingerprint of an encoding. */
    public static Fingerprint sha256(byte[] der) {
        try {
            return new Fingerprint(HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(der)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The 32 bytes; a new array at each call. */
    public byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }

    /** By hand: a directory of a million devices makes two million of these each time that it is written. */
    private static boolean valid(String hex) {
        if (hex.length() != LENGTH) {
            return false;
        }
        for (int i = 0; i < LENGTH; i++) {
            char c = hex.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int compareTo(Fingerprint other) {
        return hex.compareTo(other.hex);
    }

    @Override
    public String toString() {
        return hex;
    }
}

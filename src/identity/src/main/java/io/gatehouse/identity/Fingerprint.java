package io.gatehouse.identity;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The SHA-256 of a DER encoding, as 64 lower-case hex digits. A certificate is identified by it everywhere: registry, replica,
 * API, audit. Immutable and thread-safe.
 */
public record Fingerprint(String hex) implements Comparable<Fingerprint> {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");

    public Fingerprint {
        if (!FORM.matcher(hex).matches()) {
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

    @Override
    public int compareTo(Fingerprint other) {
        return hex.compareTo(other.hex);
    }

    @Override
    public String toString() {
        return hex;
    }
}

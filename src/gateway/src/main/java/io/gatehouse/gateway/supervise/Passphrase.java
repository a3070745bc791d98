package io.gatehouse.gateway.supervise;

import java.nio.charset.StandardCharsets;

/** What unlocks the keys. Never printed: its text says only that there is one. Immutable and thread-safe. */
public final class Passphrase {
    private final char[] chars;

    public Passphrase(char[] chars) {
        this.chars = chars.clone();
    }

    /** A copy of the secret itself. */
    public char[] chars() {
        return chars.clone();
    }

    /** The secret as one line of UTF-8, the way a child reads it from its standard input. */
    byte[] line() {
        return (new String(chars) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "a passphrase";
    }
}

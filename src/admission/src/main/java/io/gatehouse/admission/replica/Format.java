package io.gatehouse.admission.replica;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * The versions of the files on disk, which their first line says: {@code GATEHOUSE REPLICA 2}, {@code GATEHOUSE JOURNAL 2}. Every change
 * that an older reader would not understand raises the version of both. Written is the present one; read are it and the one before, of
 * which the tests keep files that were written at its time. What is read of the one before is written anew before anything is added.
 */
final class Format {
    static final int VERSION = 2;
    static final int OLDEST = 1;

    /** The length of the first line, whatever the version is. */
    static final int LINE = line("REPLICA", VERSION).length;

    private static final Pattern REPLICA = Pattern.compile("GATEHOUSE REPLICA ([1-9])\n");

    private Format() {}

    static byte[] replica() {
        return line("REPLICA", VERSION);
    }

    static byte[] journal(int version) {
        return line("JOURNAL", version);
    }

    /** The version that the first line of a replica says. */
    static int versionOf(byte[] line) throws CorruptReplicaException {
        var matcher = REPLICA.matcher(new String(line, StandardCharsets.US_ASCII));
        if (!matcher.matches()) {
            throw new CorruptReplicaException("not a replica");
        }
        return Integer.parseInt(matcher.group(1));
    }

    private static byte[] line(String what, int version) {
        return ("GATEHOUSE " + what + " " + version + "\n").getBytes(StandardCharsets.US_ASCII);
    }
}

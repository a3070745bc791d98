package io.gatehouse.x509.der;

import java.io.ByteArrayOutputStream;

/** OBJECT IDENTIFIER contents to and from dotted form. */
final class Oids {
    private static final int LONGEST = 64;

    private Oids() {}

    static String decode(byte[] content) throws MalformedException {
        if (content.length == 0 || content.length > LONGEST || content[content.length - 1] < 0) {
            throw new MalformedException("an OBJECT IDENTIFIER that is empty, too long or cut off");
        }
        var text = new StringBuilder();
        long arc = 0;
        var start = true;
        for (var b : content) {
            if ((start && b == (byte) 0x80) || arc > Long.MAX_VALUE >> 7) {
                throw new MalformedException("an OBJECT IDENTIFIER not in its shortest form, or with too large an arc");
            }
            arc = arc << 7 | (b & 0x7f);
            start = b >= 0;
            if (start) {
                append(text, arc);
                arc = 0;
            }
        }
        return text.toString();
    }

    private static void append(StringBuilder text, long arc) {
        if (text.isEmpty()) {
            var first = Math.min(arc / 40, 2);
            text.append(first).append('.').append(arc - 40 * first);
        } else {
            text.append('.').append(arc);
        }
    }

    static byte[] encode(String dotted) {
        var arcs = dotted.split("\\.", -1);
        var out = new ByteArrayOutputStream();
        base128(out, Long.parseLong(arcs[0]) * 40 + Long.parseLong(arcs[1]));
        for (var i = 2; i < arcs.length; i++) {
            base128(out, Long.parseLong(arcs[i]));
        }
        return out.toByteArray();
    }

    private static void base128(ByteArrayOutputStream out, long arc) {
        var groups = Math.max(1, (64 - Long.numberOfLeadingZeros(arc) + 6) / 7);
        for (var i = groups - 1; i >= 0; i--) {
            var group = (int) (arc >>> (7 * i)) & 0x7f;
            out.write(i == 0 ? group : group | 0x80);
        }
    }
}

package io.gatehouse.enrollment.pki;

import io.gatehouse.enrollment.http.Request;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Entity tags (RFC 9110, section 8.8.3). */
final class EntityTags {
    private EntityTags() {}

    /** The tag of these bytes and no others. */
    static String of(byte[] bytes) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return '"' + HexFormat.of().formatHex(digest, 0, 16) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Whether the asker says that it has this already (RFC 9110, section 13.1.2). */
    static boolean has(Request request, String tag) {
        return request.header("If-None-Match")
                .filter(asked -> matches(asked, tag))
                .isPresent();
    }

    private static boolean matches(String asked, String tag) {
        for (var one : asked.split(",", -1)) {
            var bare = one.strip();
            if (bare.equals("*") || (bare.startsWith("W/") ? bare.substring(2) : bare).equals(tag)) {
                return true;
            }
        }
        return false;
    }
}

package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.identity.RefusalReason;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;

/** The administrator's tokens: in this version the admin token of this start, good from loopback only. Thread-safe. */
public final class Tokens {
    private static final Actor ADMIN = new Actor("admin-token");

    private final String adminToken;

    /** Makes a new admin token; {@link #adminToken} tells it, for the file that only the owner reads. */
    public Tokens(SecureRandom random) {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        adminToken = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The secret itself. */
    public String adminToken() {
        return adminToken;
    }

    /** Who bears this token; compared in constant time. */
    public Outcome<Actor> authenticate(String bearer, boolean loopback) {
        boolean right = MessageDigest.isEqual(
                bearer.getBytes(StandardCharsets.UTF_8), adminToken.getBytes(StandardCharsets.UTF_8));
        return right && loopback ? Outcome.done(ADMIN) : Outcome.refused(RefusalReason.NOT_AUTHENTICATED);
    }
}

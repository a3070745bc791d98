package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.Outcome;
import java.security.SecureRandom;

/** The administrator's tokens: in this version the admin token of this start, good from loopback only. Thread-safe. */
public final class Tokens {
    /** Makes a new admin token; {@link #adminToken} tells it, for the file that only the owner reads. */
    public Tokens(SecureRandom random) {}

    /** The secret itself. */
    public String adminToken() {
        return Soon.soon();
    }

    /** Who bears this token; compared in constant time. */
    public Outcome<Actor> authenticate(String bearer, boolean loopback) {
        return Soon.soon();
    }
}

package io.gatehouse.broker.admit;

import com.hivemq.extension.sdk.api.client.parameter.ConnectionAttributeStore;
import com.hivemq.extension.sdk.api.parameter.ClientBasedInput;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What we write on a connection, so that a client which another extension let in is told from ours: a secret of this start of the
 * broker, and later the session's id. Thread-safe.
 */
public final class Marks {
    private static final String ADMITTED = "io.gatehouse.admitted";
    private static final String RESUMED = "io.gatehouse.resumed";
    private static final String SESSION = "io.gatehouse.session";

    private final SecureRandom random;
    private final byte[] secret;

    public Marks(SecureRandom random) {
        this.random = random;
        this.secret = newId().getBytes(StandardCharsets.US_ASCII);
    }

    /** Our authenticator let this connection in; {@code resumes}: into a session that was there before. */
    void admitted(ClientBasedInput input, boolean resumes) {
        store(input).putAsString(ADMITTED, new String(secret, StandardCharsets.US_ASCII));
        if (resumes) {
            store(input).putAsString(RESUMED, "yes");
        }
    }

    boolean isAdmitted(ClientBasedInput input) {
        return store(input)
                .getAsString(ADMITTED)
                .map(found -> MessageDigest.isEqual(found.getBytes(StandardCharsets.US_ASCII), secret))
                .orElse(false);
    }

    boolean resumes(ClientBasedInput input) {
        return store(input).getAsString(RESUMED).isPresent();
    }

    void session(ClientBasedInput input, String id) {
        store(input).putAsString(SESSION, id);
    }

    Optional<String> session(ClientBasedInput input) {
        return store(input).getAsString(SESSION);
    }

    /** 128 random bits as text. */
    String newId() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static ConnectionAttributeStore store(ClientBasedInput input) {
        return input.getConnectionInformation().getConnectionAttributeStore();
    }
}

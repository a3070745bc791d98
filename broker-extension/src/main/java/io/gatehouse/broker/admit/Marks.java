package io.gatehouse.broker.admit;

import com.hivemq.extension.sdk.api.client.parameter.ConnectionAttributeStore;
import com.hivemq.extension.sdk.api.packets.connect.WillPublishPacket;
import com.hivemq.extension.sdk.api.parameter.ClientBasedInput;
import io.gatehouse.admission.replica.Directory;
import io.gatehouse.broker.sessions.Wills;
import io.gatehouse.identity.Fingerprint;
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
    private static final String POSITION = "io.gatehouse.position";
    private static final String WILL = "io.gatehouse.will";
    private static final String NO_WILL = "";
    /** HiveMQ keeps 10 kB. */
    private static final int LONGEST_TOPIC_BYTES = 9_000;

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

    /** Before a decision on that directory; what is narrowed for it may be too wide after a later change. */
    void decidedAt(ClientBasedInput input, Directory directory) {
        store(input).putAsString(POSITION, position(directory));
    }

    /** Whether the directory has changed since. */
    boolean isOutdated(ClientBasedInput input, Directory directory) {
        return !store(input).getAsString(POSITION).equals(Optional.of(position(directory)));
    }

    private static String position(Directory directory) {
        return directory.read(view -> view.epoch() + '/' + view.revision());
    }

    /** What the client leaves with the broker, for {@link #left}. */
    void will(ClientBasedInput input, Optional<WillPublishPacket> will) {
        var written = will.map(packet ->
                        "" + packet.getQos().getQosNumber() + (packet.getRetain() ? 'r' : '-') + packet.getTopic())
                .orElse(NO_WILL);
        if (written.getBytes(StandardCharsets.UTF_8).length <= LONGEST_TOPIC_BYTES) {
            store(input).putAsString(WILL, written);
        }
    }

    /** What the client left with the broker when it connected with that certificate; nothing when that is not known. */
    Optional<Wills.Left> left(ClientBasedInput input, Fingerprint certificate) {
        return store(input).getAsString(WILL).map(written -> new Wills.Left(certificate, read(written)));
    }

    private static Optional<Wills.Will> read(String written) {
        return written.equals(NO_WILL)
                ? Optional.empty()
                : Optional.of(new Wills.Will(written.substring(2), written.charAt(0) - '0', written.charAt(1) == 'r'));
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

package io.gatehouse.enrollment.backup;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * Encrypts a stream under a passphrase in the age format (age-encryption.org/v1, one scrypt recipient), so that {@code age -d} opens it.
 * Each 64 KiB are sealed by themselves with their place, and the last as the last. Closing writes the end and leaves what is below open.
 * For one thread.
 */
final class AgeOutput extends OutputStream {
    /** Memory of 128 MiB to try a passphrase, the first choice of OWASP's advice. */
    static final int LOG_N = 17;

    private final OutputStream out;
    private final byte[] key;
    private final byte[] chunk = new byte[AgeCrypto.CHUNK];
    private int filled;
    private long number;
    private boolean closed;

    AgeOutput(OutputStream out, char[] passphrase, SecureRandom random) throws IOException {
        this.out = out;
        try {
            byte[] fileKey = random(random);
            byte[] salt = random(random);
            byte[] wrapped =
                    AgeCrypto.seal(AgeCrypto.wrapKey(passphrase, salt, LOG_N), new byte[12], fileKey, fileKey.length);
            var header =
                    "age-encryption.org/v1\n-> scrypt " + text(salt) + " " + LOG_N + "\n" + text(wrapped) + "\n---";
            byte[] mac = AgeCrypto.hmac(
                    AgeCrypto.hkdf(fileKey, new byte[0], "header"), header.getBytes(StandardCharsets.US_ASCII));
            out.write((header + " " + text(mac) + "\n").getBytes(StandardCharsets.US_ASCII));
            byte[] nonce = random(random);
            out.write(nonce);
            this.key = AgeCrypto.hkdf(fileKey, nonce, "payload");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform has no ChaCha20-Poly1305", e);
        }
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int at = offset, left = length; left > 0; ) {
            if (filled == chunk.length) {
                // only now it is known that it is not the last
                seal(false);
            }
            int some = Math.min(left, chunk.length - filled);
            System.arraycopy(bytes, at, chunk, filled, some);
            filled += some;
            at += some;
            left -= some;
        }
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            seal(true);
            out.flush();
        }
    }

    private void seal(boolean last) throws IOException {
        try {
            out.write(AgeCrypto.seal(key, AgeCrypto.chunkNonce(number, last), chunk, filled));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform has no ChaCha20-Poly1305", e);
        }
        number++;
        filled = 0;
    }

    private static byte[] random(SecureRandom random) {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String text(byte[] bytes) {
        return Base64.getEncoder().withoutPadding().encodeToString(bytes);
    }
}

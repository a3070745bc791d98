package io.gatehouse.enrollment.backup;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The primitives of the age format (age-encryption.org/v1). Stateless. */
final class AgeCrypto {
    static final int CHUNK = 64 * 1024;
    static final int TAG = 16;

    private static final byte[] SCRYPT_LABEL = "age-encryption.org/v1/scrypt".getBytes(StandardCharsets.US_ASCII);

    private AgeCrypto() {}

    /** What wraps the file's key. */
    static byte[] wrapKey(char[] passphrase, byte[] salt, int logN) throws GeneralSecurityException {
        var encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(passphrase));
        var password = new byte[encoded.remaining()];
        encoded.get(password);
        try {
            return Scrypt.derive(password, joined(SCRYPT_LABEL, salt), logN);
        } finally {
            Arrays.fill(password, (byte) 0);
            encoded.clear();
            while (encoded.hasRemaining()) {
                encoded.put((byte) 0);
            }
        }
    }

    static byte[] seal(byte[] key, byte[] nonce, byte[] plain, int length) throws GeneralSecurityException {
        return cipher(Cipher.ENCRYPT_MODE, key, nonce).doFinal(plain, 0, length);
    }

    /** Throws AEADBadTagException when a bit of it is not as it was sealed. */
    static byte[] open(byte[] key, byte[] nonce, byte[] sealed, int length) throws GeneralSecurityException {
        return cipher(Cipher.DECRYPT_MODE, key, nonce).doFinal(sealed, 0, length);
    }

    /** The nonce of a chunk: its number, and whether it is the last. */
    static byte[] chunkNonce(long number, boolean last) {
        return ByteBuffer.allocate(12)
                .put(new byte[3])
                .putLong(number)
                .put((byte) (last ? 1 : 0))
                .array();
    }

    /** HKDF-SHA256 (RFC 5869) of 32 bytes. */
    static byte[] hkdf(byte[] key, byte[] salt, String info) throws GeneralSecurityException {
        byte[] secret = hmac(salt.length == 0 ? new byte[32] : salt, key);
        return hmac(secret, joined(info.getBytes(StandardCharsets.US_ASCII), new byte[] {1}));
    }

    static byte[] hmac(byte[] key, byte[] text) throws GeneralSecurityException {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text);
    }

    private static Cipher cipher(int mode, byte[] key, byte[] nonce) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("ChaCha20-Poly1305");
        cipher.init(mode, new SecretKeySpec(key, "ChaCha20"), new IvParameterSpec(nonce));
        return cipher;
    }

    private static byte[] joined(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}

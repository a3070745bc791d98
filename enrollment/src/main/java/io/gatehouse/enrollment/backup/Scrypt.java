package io.gatehouse.enrollment.backup;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The scrypt password-based key derivation function (RFC 7914) with r = 8 and p = 1. Stateless. */
final class Scrypt {
    private static final int R = 8;
    /** Of 32-bit words: 128 * r bytes. */
    private static final int BLOCK = 32 * R;

    private Scrypt() {}

    /** 32 bytes from a password, at the price of {@code 1024 << logN} bytes of memory. */
    static byte[] derive(byte[] password, byte[] salt, int logN) throws GeneralSecurityException {
        int[] block = words(pbkdf2(password, salt, BLOCK * 4));
        mix(block, logN);
        return pbkdf2(password, bytes(block), 32);
    }

    /** RFC 7914, section 5: scryptROMix. */
    private static void mix(int[] x, int logN) {
        int n = 1 << logN;
        var v = new int[n][];
        var y = new int[BLOCK];
        for (int i = 0; i < n; i++) {
            v[i] = x.clone();
            blockMix(x, y);
        }
        for (int i = 0; i < n; i++) {
            int[] other = v[x[BLOCK - 16] & (n - 1)];
            for (int k = 0; k < BLOCK; k++) {
                x[k] ^= other[k];
            }
            blockMix(x, y);
        }
    }

    /** RFC 7914, section 4: scryptBlockMix; {@code y} is room to work in. */
    private static void blockMix(int[] b, int[] y) {
        var x = Arrays.copyOfRange(b, BLOCK - 16, BLOCK);
        for (int i = 0; i < 2 * R; i++) {
            for (int k = 0; k < 16; k++) {
                x[k] ^= b[16 * i + k];
            }
            salsa8(x);
            System.arraycopy(x, 0, y, 16 * ((i & 1) * R + i / 2), 16);
        }
        System.arraycopy(y, 0, b, 0, BLOCK);
    }

    /** RFC 7914, section 3: the Salsa20/8 core. */
    private static void salsa8(int[] words) {
        var x = words.clone();
        for (int round = 0; round < 8; round += 2) {
            quarter(x, 0, 4, 8, 12);
            quarter(x, 5, 9, 13, 1);
            quarter(x, 10, 14, 2, 6);
            quarter(x, 15, 3, 7, 11);
            quarter(x, 0, 1, 2, 3);
            quarter(x, 5, 6, 7, 4);
            quarter(x, 10, 11, 8, 9);
            quarter(x, 15, 12, 13, 14);
        }
        for (int i = 0; i < 16; i++) {
            words[i] += x[i];
        }
    }

    private static void quarter(int[] x, int a, int b, int c, int d) {
        x[b] ^= Integer.rotateLeft(x[a] + x[d], 7);
        x[c] ^= Integer.rotateLeft(x[b] + x[a], 9);
        x[d] ^= Integer.rotateLeft(x[c] + x[b], 13);
        x[a] ^= Integer.rotateLeft(x[d] + x[c], 18);
    }

    /** PBKDF2-HMAC-SHA256 with one round (RFC 8018, section 5.2): the JDK's own takes characters, not bytes. */
    private static byte[] pbkdf2(byte[] password, byte[] salt, int length) throws GeneralSecurityException {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(password, "HmacSHA256"));
        var out = ByteBuffer.allocate(length);
        for (int i = 1; out.hasRemaining(); i++) {
            mac.update(salt);
            mac.update(ByteBuffer.allocate(4).putInt(i).array());
            out.put(mac.doFinal(), 0, Math.min(32, out.remaining()));
        }
        return out.array();
    }

    private static int[] words(byte[] bytes) {
        var words = new int[bytes.length / 4];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(words);
        return words;
    }

    private static byte[] bytes(int[] words) {
        var bytes = ByteBuffer.allocate(words.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(words);
        return bytes.array();
    }
}

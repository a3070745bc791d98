package io.gatehouse.enrollment.backup;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.AEADBadTagException;

/**
 * Reads what {@link AgeOutput}, or {@code age -p}, has written. No byte is given out before its chunk was found genuine, and the end is
 * believed only from the chunk that was sealed as the last: what is changed, cut off or prolonged is a {@link BackupException}. For one
 * thread.
 */
final class AgeInput extends InputStream {
    /** Of 1 GiB: what a file may ask for. */
    private static final int MOST_LOG_N = 20;

    private static final Pattern HEADER = Pattern.compile(
            "age-encryption\\.org/v1\n-> scrypt ([A-Za-z0-9+/]{22}) " + "([1-9][0-9]?)\n([A-Za-z0-9+/]{43})\n---");
    private static final Pattern MAC = Pattern.compile(" ([A-Za-z0-9+/]{43})\n");
    private static final int MAC_LINE = 45;
    private static final int LONGEST_HEADER = 200;

    private final InputStream in;
    private final byte[] key;
    private byte[] plain = {};
    private int at;
    private byte[] ahead;
    private long number;
    private boolean ended;

    AgeInput(InputStream in, char[] passphrase) throws IOException {
        this.in = in;
        var header = header();
        var form = HEADER.matcher(header);
        if (!form.matches()) {
            throw new BackupException("not a backup: it is no age file with a passphrase");
        }
        try {
            byte[] fileKey = fileKey(form, passphrase);
            byte[] mac = AgeCrypto.hmac(
                    AgeCrypto.hkdf(fileKey, new byte[0], "header"), header.getBytes(StandardCharsets.US_ASCII));
            var found = MAC.matcher(new String(in.readNBytes(MAC_LINE), StandardCharsets.US_ASCII));
            if (!found.matches() || !MessageDigest.isEqual(mac, decoded(found.group(1)))) {
                throw new BackupException("the backup was changed: its header is not genuine");
            }
            byte[] nonce = in.readNBytes(16);
            if (nonce.length < 16) {
                throw cutOff();
            }
            this.key = AgeCrypto.hkdf(fileKey, nonce, "payload");
        } catch (IllegalArgumentException e) {
            throw new BackupException("the backup was changed: its header is not genuine", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform has no ChaCha20-Poly1305", e);
        }
        this.ahead = in.readNBytes(AgeCrypto.CHUNK + AgeCrypto.TAG);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        while (at == plain.length) {
            if (ended) {
                return -1;
            }
            next();
        }
        int some = Math.min(length, plain.length - at);
        System.arraycopy(plain, at, bytes, offset, some);
        at += some;
        return some;
    }

    private void next() throws IOException {
        byte[] sealed = ahead;
        ahead = in.readNBytes(AgeCrypto.CHUNK + AgeCrypto.TAG);
        boolean last = ahead.length == 0;
        if (sealed.length < AgeCrypto.TAG) {
            throw cutOff();
        }
        try {
            plain = AgeCrypto.open(key, AgeCrypto.chunkNonce(number, last), sealed, sealed.length);
        } catch (AEADBadTagException e) {
            throw new BackupException(
                    last
                            ? "the backup was changed or cut off: its end is not genuine"
                            : "the backup was changed: what it holds is not genuine",
                    e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform has no ChaCha20-Poly1305", e);
        }
        at = 0;
        number++;
        ended = last;
    }

    private static byte[] fileKey(Matcher form, char[] passphrase) throws GeneralSecurityException {
        int logN = Integer.parseInt(form.group(2));
        if (logN > MOST_LOG_N) {
            throw new BackupException("the backup asks for more memory than is given: scrypt 2^" + logN);
        }
        byte[] wrapped = decoded(form.group(3));
        try {
            byte[] wrapKey = AgeCrypto.wrapKey(passphrase, decoded(form.group(1)), logN);
            return AgeCrypto.open(wrapKey, new byte[12], wrapped, wrapped.length);
        } catch (AEADBadTagException e) {
            throw new BackupException("the passphrase does not open the backup", e);
        }
    }

    /** Up to and with the three dashes. */
    private String header() throws IOException {
        var header = new ByteArrayOutputStream();
        while (header.size() < LONGEST_HEADER
                && !header.toString(StandardCharsets.ISO_8859_1).endsWith("\n---")) {
            int b = in.read();
            if (b < 0) {
                break;
            }
            header.write(b);
        }
        return header.toString(StandardCharsets.ISO_8859_1);
    }

    private static byte[] decoded(String text) {
        return Base64.getDecoder().decode(text);
    }

    private static BackupException cutOff() {
        return new BackupException("the backup was cut off");
    }
}

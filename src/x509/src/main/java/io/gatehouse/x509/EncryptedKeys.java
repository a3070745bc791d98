package io.gatehouse.x509;

import io.gatehouse.x509.der.DerReader;
import io.gatehouse.x509.der.DerTag;
import io.gatehouse.x509.der.DerWriter;
import io.gatehouse.x509.der.MalformedException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.IllegalBlockSizeException;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Private keys under a passphrase: PKCS#8 EncryptedPrivateKeyInfo (RFC 5958, section 3) with PBES2 (RFC 8018): PBKDF2-HMAC-SHA256 of 600,000
 * rounds and AES-256-CBC. openssl reads what is written here, and what {@code openssl pkcs8 -topk8 -v2 aes-256-cbc} writes is read here.
 * The passphrase counts as UTF-8. Other schemes, and more than 10,000,000 rounds, are refused as malformed. Stateless.
 */
public final class EncryptedKeys {
    private static final String PBES2 = "1.2.840.113549.1.5.13";
    private static final String PBKDF2 = "1.2.840.113549.1.5.12";
    private static final String HMAC_SHA256 = "1.2.840.113549.2.9";
    private static final String AES_256_CBC = "2.16.840.1.101.3.4.1.42";
    private static final int ROUNDS = 600_000;
    private static final int MOST_ROUNDS = 10_000_000;
    private static final SecureRandom RANDOM = new SecureRandom();

    private EncryptedKeys() {}

    /** The passphrase does not open the key. */
    public static final class WrongPassphraseException extends Exception {
        WrongPassphraseException() {
            super("the passphrase does not open the key");
        }
    }

    /** The key as EncryptedPrivateKeyInfo. The passphrase must not be empty; it is not kept. */
    public static byte[] encrypt(PrivateKey key, char[] passphrase) {
        var pkcs8 = key.getEncoded();
        var salt = random(16);
        var iv = random(16);
        try {
            var encrypted =
                    cipher(Cipher.ENCRYPT_MODE, passphrase, salt, ROUNDS, iv).doFinal(pkcs8);
            return DerWriter.sequence(algorithm(salt, iv), DerWriter.octetString(encrypted));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform has no PBES2 with AES-256", e);
        } finally {
            Arrays.fill(pkcs8, (byte) 0);
        }
    }

    /** The same as a PEM block. */
    public static String encryptToPem(PrivateKey key, char[] passphrase) {
        return Pem.write(Pem.ENCRYPTED_PRIVATE_KEY, encrypt(key, passphrase));
    }

    /** The key in an EncryptedPrivateKeyInfo. */
    public static PrivateKey decrypt(byte[] der, char[] passphrase)
            throws MalformedException, WrongPassphraseException {
        var outer = new DerReader(der);
        var info = outer.sequence();
        outer.end();
        var scheme = parameters(info.sequence(), PBES2);
        var derivation = parameters(scheme.sequence(), PBKDF2);
        var encryption = scheme.sequence();
        scheme.end();
        var encrypted = info.octetString();
        info.end();

        var salt = derivation.octetString();
        var rounds = derivation.integer(MOST_ROUNDS);
        if (derivation.next(DerTag.INTEGER) && derivation.integer(32) != 32) {
            throw new MalformedException("an encrypted key whose derived key is not of 256 bits");
        }
        if (!derivation.sequence().oid().equals(HMAC_SHA256)
                || !encryption.oid().equals(AES_256_CBC)
                || rounds < 1
                || salt.length == 0) {
            throw new MalformedException("an encrypted key that is not PBKDF2-HMAC-SHA256 with AES-256-CBC");
        }
        var iv = encryption.octetString();
        if (iv.length != 16) {
            throw new MalformedException("an encrypted key whose IV is not of 16 bytes");
        }
        return open(encrypted, passphrase, salt, rounds, iv);
    }

    /** The key in the text's only block. */
    public static PrivateKey decryptPem(String pem, char[] passphrase)
            throws MalformedException, WrongPassphraseException {
        var blocks = Pem.blocks(pem);
        if (blocks.size() != 1 || !blocks.get(0).label().equals(Pem.ENCRYPTED_PRIVATE_KEY)) {
            throw new MalformedException("not one encrypted private key in PEM");
        }
        return decrypt(blocks.get(0).der(), passphrase);
    }

    private static PrivateKey open(byte[] encrypted, char[] passphrase, byte[] salt, int rounds, byte[] iv)
            throws MalformedException, WrongPassphraseException {
        byte[] pkcs8;
        try {
            pkcs8 = cipher(Cipher.DECRYPT_MODE, passphrase, salt, rounds, iv).doFinal(encrypted);
        } catch (BadPaddingException e) {
            throw new WrongPassphraseException();
        } catch (IllegalBlockSizeException e) {
            throw new MalformedException("an encrypted key that is cut off");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform has no PBES2 with AES-256", e);
        }
        try {
            return Keys.privateKey(pkcs8);
        } catch (MalformedException e) {
            // one wrong passphrase in 256 yields good padding
            throw new WrongPassphraseException();
        } finally {
            Arrays.fill(pkcs8, (byte) 0);
        }
    }

    private static DerReader parameters(DerReader identifier, String oid) throws MalformedException {
        if (!identifier.oid().equals(oid)) {
            throw new MalformedException("an encrypted key that is not PBES2 with PBKDF2");
        }
        return identifier.sequence();
    }

    private static byte[] algorithm(byte[] salt, byte[] iv) {
        var derivation = DerWriter.sequence(
                DerWriter.oid(PBKDF2),
                DerWriter.sequence(
                        DerWriter.octetString(salt),
                        DerWriter.integer(ROUNDS),
                        DerWriter.sequence(DerWriter.oid(HMAC_SHA256), DerWriter.nullValue())));
        var encryption = DerWriter.sequence(DerWriter.oid(AES_256_CBC), DerWriter.octetString(iv));
        return DerWriter.sequence(DerWriter.oid(PBES2), DerWriter.sequence(derivation, encryption));
    }

    private static Cipher cipher(int mode, char[] passphrase, byte[] salt, int rounds, byte[] iv)
            throws GeneralSecurityException {
        if (passphrase.length == 0) {
            throw new IllegalArgumentException("an empty passphrase");
        }
        var spec = new PBEKeySpec(passphrase, salt, rounds, 256);
        byte[] derived = {};
        try {
            derived = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
            var cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
            cipher.init(mode, new SecretKeySpec(derived, "AES"), new IvParameterSpec(iv));
            return cipher;
        } finally {
            spec.clearPassword();
            Arrays.fill(derived, (byte) 0);
        }
    }

    private static byte[] random(int length) {
        var bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}

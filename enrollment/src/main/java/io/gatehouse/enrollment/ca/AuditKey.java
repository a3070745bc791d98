package io.gatehouse.enrollment.ca;

import io.gatehouse.enrollment.app.port.CheckpointSigner;
import io.gatehouse.enrollment.ca.HierarchyException.Problem;
import io.gatehouse.enrollment.config.DurableFiles;
import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.keys.SoftwareKey;
import io.gatehouse.x509.EncryptedKeys;
import io.gatehouse.x509.Pem;
import io.gatehouse.x509.der.MalformedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;

/**
 * The key that signs the audit's checkpoints: {@code secrets/audit.key} holds it under the home's passphrase, with its public half, which
 * {@code pki/audit.pem} shows to everyone. Thread-safe.
 */
public final class AuditKey implements CheckpointSigner {
    private static final String PUBLIC_KEY = "PUBLIC KEY";

    private final SoftwareKey key;

    private AuditKey(SoftwareKey key) {
        this.key = key;
    }

    /**
     * Opens the key of a home, or makes it. A power cut leaves no half of it. The passphrase is not kept.
     *
     * @throws HierarchyException when a person has to mend something first
     */
    public static AuditKey openOrMake(Home home, char[] passphrase) {
        try {
            var file = home.secrets().resolve("audit.key");
            if (!Files.exists(file)) {
                make(file, passphrase);
            }
            var key = read(file, passphrase);
            show(home.auditPem(), key.publicKey());
            return new AuditKey(key);
        } catch (IOException e) {
            throw new UncheckedIOException("the audit's key of " + home + " cannot be read or written", e);
        }
    }

    /** A key that ends with the process. */
    public static AuditKey inMemory() {
        var pair = SoftwareKey.generate();
        return new AuditKey(SoftwareKey.of(pair.getPrivate(), pair.getPublic()));
    }

    @Override
    public byte[] sign(byte[] statement) {
        return key.sign(statement);
    }

    @Override
    public PublicKey publicKey() {
        return key.publicKey();
    }

    private static void make(Path file, char[] passphrase) throws IOException {
        var pair = SoftwareKey.generate();
        var text = EncryptedKeys.encryptToPem(pair.getPrivate(), passphrase)
                + Pem.write(PUBLIC_KEY, pair.getPublic().getEncoded());
        DurableFiles.replaceSecret(file, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static SoftwareKey read(Path file, char[] passphrase) throws IOException {
        HierarchyReader.requireOwnerAlone(file, "chmod 600 ");
        try {
            var blocks = Pem.blocks(Files.readString(file, StandardCharsets.ISO_8859_1));
            if (blocks.size() != 2 || !blocks.get(1).label().equals(PUBLIC_KEY)) {
                throw new MalformedException("not an encrypted key and its public half");
            }
            var publicKey = KeyFactory.getInstance("EC")
                    .generatePublic(new X509EncodedKeySpec(blocks.get(1).der()));
            return SoftwareKey.of(EncryptedKeys.decrypt(blocks.get(0).der(), passphrase), publicKey);
        } catch (EncryptedKeys.WrongPassphraseException e) {
            throw new HierarchyException(
                    Problem.WRONG_PASSPHRASE,
                    file,
                    "the passphrase does not open this key",
                    "give the passphrase that the home was initialised with");
        } catch (MalformedException | GeneralSecurityException | IllegalArgumentException e) {
            throw new HierarchyException(
                    Problem.UNREADABLE, file, String.valueOf(e.getMessage()), "restore it from a backup");
        }
    }

    private static void show(Path file, PublicKey key) throws IOException {
        var text = Pem.write(PUBLIC_KEY, key.getEncoded());
        if (Files.exists(file)
                && Files.readString(file, StandardCharsets.ISO_8859_1).equals(text)) {
            return;
        }
        DurableFiles.replaceOpen(file, text.getBytes(StandardCharsets.US_ASCII));
    }
}

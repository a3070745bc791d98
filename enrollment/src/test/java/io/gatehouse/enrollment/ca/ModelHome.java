package io.gatehouse.enrollment.ca;

import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.x509.EncryptedKeys;
import io.gatehouse.x509.Pem;
import io.gatehouse.x509.der.DerWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A home with authorities, made once for all tests, which copy it. Its service keys are sealed anew with few rounds, because deriving keys
 * is slow on purpose; the root keys stay as they were made.
 */
final class ModelHome {
    static final Instant NOW = Instant.parse("2026-11-23T11:00:00Z");
    static final InstantSource CLOCK = InstantSource.fixed(NOW);
    static final ServiceConfig CONFIG = ServiceConfig.defaults();
    static final String PASSPHRASE = "correct horse";

    private static final int FEW = 1000;

    private ModelHome() {}

    private static final class Made {
        static final Path HOME = make();
    }

    /** Where it is; not to be changed. */
    static Path path() {
        return Made.HOME;
    }

    /** A copy in that directory. */
    static Home copyTo(Path directory) {
        ProcessRun.of("cp", "-a", path().toString(), directory.toString()).run().ok();
        return new Home(directory.resolve(path().getFileName()));
    }

    private static Path make() {
        try {
            var home = new Home(Files.createTempDirectory("gatehouse-model").resolve("home"));
            Hierarchies.create(CONFIG, home, PASSPHRASE.toCharArray(), CLOCK);
            for (var name : List.of("devices.key", "services.key")) {
                var file = home.secrets().resolve(name);
                var key = EncryptedKeys.decryptPem(Files.readString(file), PASSPHRASE.toCharArray());
                Files.writeString(file, Pem.write(Pem.ENCRYPTED_PRIVATE_KEY, sealed(key)));
            }
            return home.root();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** PBES2 by hand (RFC 8018, section 6.2): the product has no way to use few rounds. */
    private static byte[] sealed(PrivateKey key) throws GeneralSecurityException {
        var salt = new byte[16];
        var derived = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                .generateSecret(new PBEKeySpec(PASSPHRASE.toCharArray(), salt, FEW, 256))
                .getEncoded();
        var cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(derived, "AES"), new IvParameterSpec(salt));
        var random = DerWriter.sequence(DerWriter.oid("1.2.840.113549.2.9"), DerWriter.nullValue());
        var derivation = DerWriter.sequence(
                DerWriter.oid("1.2.840.113549.1.5.12"),
                DerWriter.sequence(DerWriter.octetString(salt), DerWriter.integer(FEW), random));
        var encryption = DerWriter.sequence(DerWriter.oid("2.16.840.1.101.3.4.1.42"), DerWriter.octetString(salt));
        var scheme =
                DerWriter.sequence(DerWriter.oid("1.2.840.113549.1.5.13"), DerWriter.sequence(derivation, encryption));
        return DerWriter.sequence(scheme, DerWriter.octetString(cipher.doFinal(key.getEncoded())));
    }
}

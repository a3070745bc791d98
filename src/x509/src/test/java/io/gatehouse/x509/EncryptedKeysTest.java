package io.gatehouse.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.Tools;
import io.gatehouse.x509.EncryptedKeys.WrongPassphraseException;
import io.gatehouse.x509.der.MalformedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncryptedKeysTest {
    private static final char[] PASSPHRASE = "correct hörse".toCharArray();

    @TempDir
    Path directory;

    @Test
    void the_passphrase_opens_the_key() throws Exception {
        for (var keys : java.util.List.of(Keys.generateP256(), io.gatehouse.testkit.Keys.rsa(2048))) {
            var opened =
                    EncryptedKeys.decryptPem(EncryptedKeys.encryptToPem(keys.getPrivate(), PASSPHRASE), PASSPHRASE);
            assertThat(Keys.match(opened, keys.getPublic())).isTrue();
        }
    }

    @Test
    void another_passphrase_does_not() {
        var encrypted = EncryptedKeys.encrypt(Keys.generateP256().getPrivate(), PASSPHRASE);
        assertThatThrownBy(() -> EncryptedKeys.decrypt(encrypted, "wrong".toCharArray()))
                .isInstanceOf(WrongPassphraseException.class);
    }

    @Test
    void openssl_opens_what_it_wrote() throws Exception {
        Tools.require("openssl");
        var keys = Keys.generateP256();
        Files.writeString(directory.resolve("a.key"), EncryptedKeys.encryptToPem(keys.getPrivate(), PASSPHRASE));
        var clear = ProcessRun.of("openssl", "pkcs8", "-in", "a.key", "-passin", "stdin")
                .in(directory)
                .stdin(new String(PASSPHRASE) + "\n")
                .run()
                .ok()
                .out();
        assertThat(Keys.match(Pem.privateKey(clear), keys.getPublic())).isTrue();
    }

    @Test
    void opens_what_openssl_wrote() throws Exception {
        Tools.require("openssl");
        var keys = Keys.generateP256();
        var pem = ProcessRun.of("openssl", "pkcs8", "-topk8", "-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA256")
                .with("-passout", "pass:secret")
                .stdin(Pem.write(keys.getPrivate()))
                .run()
                .ok()
                .out();
        assertThat(Keys.match(EncryptedKeys.decryptPem(pem, "secret".toCharArray()), keys.getPublic()))
                .isTrue();
    }

    @Test
    void a_key_cut_off_or_altered_is_malformed_or_wrong_and_nothing_else() {
        var encrypted = EncryptedKeys.encrypt(Keys.generateP256().getPrivate(), PASSPHRASE);
        for (var length : new int[] {0, 1, 20, 60, 100, encrypted.length - 1}) {
            assertThatThrownBy(() -> EncryptedKeys.decrypt(Arrays.copyOf(encrypted, length), PASSPHRASE))
                    .isInstanceOf(MalformedException.class);
        }
        var altered = encrypted.clone();
        altered[altered.length - 1] ^= 1;
        assertThatThrownBy(() -> EncryptedKeys.decrypt(altered, PASSPHRASE))
                .isInstanceOfAny(MalformedException.class, WrongPassphraseException.class);
    }

    @Test
    void an_empty_passphrase_is_a_mistake() {
        assertThatThrownBy(() -> EncryptedKeys.encrypt(Keys.generateP256().getPrivate(), new char[0]))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

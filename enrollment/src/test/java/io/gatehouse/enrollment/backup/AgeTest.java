package io.gatehouse.enrollment.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.Tools;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgeTest {
    private static final char[] PASSPHRASE = "pässphrase of the backup".toCharArray();

    @TempDir
    Path temp;

    private static byte[] sealed(byte[] plain) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var age = new AgeOutput(out, PASSPHRASE, new SecureRandom())) {
            age.write(plain);
        }
        return out.toByteArray();
    }

    private static byte[] opened(byte[] sealed) throws IOException {
        return new AgeInput(new ByteArrayInputStream(sealed), PASSPHRASE).readAllBytes();
    }

    private static byte[] some(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    /** RFC 7914, section 12; the third has p = 1 and r = 8 as ours always have. */
    @Test
    void scrypt_is_that_of_the_rfc() throws Exception {
        byte[] key = Scrypt.derive(
                "pleaseletmein".getBytes(StandardCharsets.US_ASCII),
                "SodiumChloride".getBytes(StandardCharsets.US_ASCII),
                14);
        assertThat(HexFormat.of().formatHex(key))
                .isEqualTo("7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 200_000})
    void what_was_sealed_is_opened_again(int length) throws IOException {
        byte[] plain = some(length);
        assertThat(opened(sealed(plain))).isEqualTo(plain);
    }

    @Test
    void what_was_changed_or_cut_off_or_prolonged_is_refused() throws IOException {
        byte[] sealed = sealed(some(150_000));
        for (int i : new int[] {0, 30, 50, 70, 140, 170, 190, 200, 70_000, 140_000, sealed.length - 1}) {
            byte[] other = sealed.clone();
            other[i] ^= 1;
            assertThatThrownBy(() -> opened(other)).as("byte " + i).isInstanceOf(BackupException.class);
        }
        int chunk = 65_536 + 16;
        int header = sealed.length - (150_000 + 3 * 16);
        for (int length :
                new int[] {0, 10, 100, header, header + 5, header + chunk, header + 2 * chunk, sealed.length - 1}) {
            assertThatThrownBy(() -> opened(Arrays.copyOf(sealed, length)))
                    .as("length " + length)
                    .isInstanceOf(BackupException.class);
        }
        assertThatThrownBy(() -> opened(Arrays.copyOf(sealed, sealed.length + 1)))
                .isInstanceOf(BackupException.class);
    }

    @Test
    void another_passphrase_opens_nothing() throws IOException {
        byte[] sealed = sealed(some(10));
        assertThatThrownBy(() -> new AgeInput(new ByteArrayInputStream(sealed), "another".toCharArray()))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("passphrase does not open");
    }

    /** Age asks on a terminal only, so it gets one. */
    @Test
    void the_tool_age_opens_it() throws IOException {
        Tools.require("age", "script");
        byte[] plain = some(100_000);
        Files.write(temp.resolve("backup"), sealed(plain));
        var run = ProcessRun.of(List.of(
                        "script",
                        "-qec",
                        "age -d -o " + temp.resolve("plain") + " " + temp.resolve("backup"),
                        "/dev/null"))
                .stdin(new String(PASSPHRASE) + "\n")
                .run();
        assertThat(Files.readAllBytes(temp.resolve("plain"))).as(run.toString()).isEqualTo(plain);
    }
}

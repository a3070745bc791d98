package io.gatehouse.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testkit.PemText;
import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.RunningProcess;
import io.gatehouse.testkit.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ca rotate} dies by SIGKILL at any moment: the home is as it was, or has the new CA, and can be rotated again. */
class KilledRotationTest {
    private static final boolean LONG = Boolean.getBoolean("gatehouse.long");
    private static final int ROUNDS = LONG ? 100 : 4;

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private Path home;

    @BeforeEach
    void init() throws Exception {
        Tools.require("openssl");
        home = directory.resolve("home");
        Files.writeString(directory.resolve("unlock"), "correct horse\n");
        gatehouse("init", "--enroll-port", "0", "--admin-port", "0", "--pki-port", "0", "--mqtt-port", "0")
                .run()
                .ok();
    }

    @Test
    void leaves_the_old_state_or_the_new() throws Exception {
        gatehouse("ca", "rotate").run().ok();
        int cas = 2;
        Random random = new Random(5);
        int before = 0;
        int after = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Path key = home.resolve("secrets/devices-" + (cas + 1) + ".key");
            var left = written(key); // by a round before that was killed early
            try (RunningProcess rotating = gatehouse("ca", "rotate").start()) {
                // Before the key nothing is written, and after it all is within milliseconds.
                long end = System.nanoTime() + LIMIT.toNanos();
                while (written(key).equals(left) && rotating.isAlive() && System.nanoTime() - end < 0) {
                    Thread.onSpinWait(); // Await looks too seldom for this
                }
                assertThat(written(key)).as("%s %s", rotating, rotating.err()).isNotEqualTo(left);
                long moment = System.nanoTime() + random.nextInt(10_000_000);
                while (System.nanoTime() - moment < 0) {
                    Thread.onSpinWait();
                }
                rotating.kill();
            }
            int now = PemText.readCertificates(home.resolve("pki/devices-cas.pem"))
                    .size();
            assertThat(now).isBetween(cas, cas + 1);
            if (now == cas) {
                before++;
            } else {
                after++;
            }
            cas = now;
            everyCaIsWhole(cas);
        }
        System.out.printf("kills=%d before=%d after=%d%n", ROUNDS, before, after);
        if (LONG) {
            assertThat(before).as("killed before the new CA was there").isPositive();
            assertThat(after).as("killed when it was").isPositive();
        }
        assertThat(gatehouse("ca", "rotate").run().ok().out()).contains("made devices-" + (cas + 1));
        everyCaIsWhole(cas + 1);
    }

    /** Tells one writing of the file from any other, since each puts a new file in the place of the old; empty when there is none. */
    private static Optional<List<Object>> written(Path file) throws IOException {
        try {
            var attributes = Files.readAttributes(file, PosixFileAttributes.class);
            return Optional.of(List.of(attributes.fileKey(), attributes.lastModifiedTime()));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }

    /** Its key opens and belongs to it, the root vouches for it, and the root's CRL holds. */
    private void everyCaIsWhole(int count) throws Exception {
        var all = PemText.readCertificates(home.resolve("pki/devices-cas.pem"));
        assertThat(all).hasSize(count);
        for (int i = 0; i < count; i++) {
            Path certificate = Files.writeString(directory.resolve("ca.pem"), PemText.certificate(all.get(i)));
            Path crl = directory.resolve("root-crl.pem");
            ProcessRun.of("openssl", "crl", "-inform", "DER", "-out", crl.toString(), "-in")
                    .with(home.resolve("pki/devices-root.crl").toString())
                    .run()
                    .ok();
            ProcessRun.of("openssl", "verify", "-x509_strict", "-crl_check_all", "-CRLfile", crl.toString())
                    .with("-CAfile", home.resolve("pki/devices-root.pem").toString(), certificate.toString())
                    .run()
                    .ok();
            String key = ProcessRun.of("openssl", "pkey", "-pubout", "-passin")
                    .with("file:" + directory.resolve("unlock"), "-in")
                    .with(home.resolve("secrets/devices" + (i == 0 ? "" : "-" + (i + 1)) + ".key")
                            .toString())
                    .run()
                    .ok()
                    .out();
            assertThat(ProcessRun.of("openssl", "x509", "-noout", "-pubkey", "-in", certificate.toString())
                            .run()
                            .ok()
                            .out())
                    .isEqualTo(key);
        }
    }

    private ProcessRun gatehouse(String... words) {
        return Gatehouse.command(words)
                .with(
                        "--home",
                        home.toString(),
                        "--unlock-file",
                        directory.resolve("unlock").toString());
    }
}

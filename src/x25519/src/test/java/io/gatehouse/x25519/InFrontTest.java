package io.gatehouse.x25519;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.testkit.ProcessRun;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In JVMs of their own, because the order of the providers is the whole JVM's. */
class InFrontTest {
    @TempDir
    Path directory;

    @Test
    void a_handshake_of_tls_1_3_agrees_by_x25519_with_it_and_x448_stays_with_the_jdk() {
        assumeNative();

        assertThat(probe("insert", classPath(true)))
                .contains(
                        "KeyPairGenerator ConscryptX25519",
                        "group x25519",
                        "asked KeyAgreement=2 KeyFactory=2 KeyPairGenerator=2",
                        "X448 SunEC",
                        "all right");
    }

    @Test
    void a_security_property_that_names_the_class_puts_it_in_front_too() throws Exception {
        assumeNative();

        assertThat(probe("properties", classPath(true), "-Djava.security.properties=" + properties()))
                .contains("KeyPairGenerator ConscryptX25519", "group x25519", "X448 SunEC", "all right");
    }

    @Test
    void without_conscrypts_jar_the_property_is_harmless() throws Exception {
        assertThat(probe("properties", classPath(false), "-Djava.security.properties=" + properties()))
                .contains("KeyPairGenerator SunEC", "group x25519", "X448 SunEC", "all right");
    }

    /** As on a machine that Conscrypt has no library for. */
    @Test
    void without_its_native_library_the_jdk_does_the_work() throws Exception {
        var lines =
                probe("properties", classPath(true), "-Djava.security.properties=" + properties(), "-Dos.arch=riscv64");

        assertThat(lines).contains("KeyPairGenerator SunEC", "group x25519", "X448 SunEC", "all right");
        assertThat(lines).anyMatch(line -> line.startsWith("info X25519 is left to the JDK: "));
    }

    private static List<String> probe(String how, String classPath, String... options) {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return ProcessRun.of(java)
                .with(options)
                .with("-Djdk.tls.namedGroups=x25519", "-cp", classPath, HandshakeProbe.class.getName(), how)
                .within(Duration.ofMinutes(1))
                .run()
                .ok()
                .out()
                .lines()
                .toList();
    }

    /** As the broker's JVM gets it: this provider, then those of this JDK. */
    private Path properties() throws Exception {
        StringBuilder text = new StringBuilder("security.provider.1=" + ConscryptX25519.class.getName() + "\n");
        for (int i = 1; Security.getProperty("security.provider." + i) != null; i++) {
            text.append("security.provider." + (i + 1) + "=" + Security.getProperty("security.provider." + i) + "\n");
        }
        return Files.writeString(directory.resolve("java.security"), text);
    }

    private static String classPath(boolean withConscrypt) {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> withConscrypt || !entry.contains("conscrypt"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static void assumeNative() {
        assumeTrue(
                System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux")
                        && List.of("amd64", "aarch64").contains(System.getProperty("os.arch")),
                "no native library for this machine");
    }
}

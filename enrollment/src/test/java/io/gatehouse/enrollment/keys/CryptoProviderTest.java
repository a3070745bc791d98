package io.gatehouse.enrollment.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.testkit.ProcessRun;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** In JVMs of their own, because the provider is chosen once for a whole JVM. */
class CryptoProviderTest {
    private static final String ACCP = "AmazonCorrettoCryptoProvider";
    private static final String CONSCRYPT = "conscrypt";

    @Test
    void amazons_provider_and_conscrypts_x25519_are_used_where_they_load_and_break_nothing() {
        assumeTrue(
                System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux")
                        && List.of("amd64", "aarch64").contains(System.getProperty("os.arch")),
                "no native library for this machine");

        var out = probe(classPath()).lines().toList();

        assertThat(out)
                .contains(
                        "provider " + ACCP + " true",
                        "again " + ACCP,
                        "X25519 ConscryptX25519",
                        "agreed by ConscryptX25519",
                        "providers named so 1",
                        "all right");
    }

    @Test
    void without_conscrypt_x25519_stays_with_the_jdk_and_the_log_says_so() {
        var out = probe(classPath(CONSCRYPT));

        assertThat(out.lines()).contains("X25519 SunEC", "agreed by SunEC", "all right");
        assertThat(out).contains("X25519 is left to the JDK: ");
    }

    @Test
    void without_any_of_their_jars_the_jdks_providers_do_the_work() {
        var out = probe(classPath(ACCP, CONSCRYPT, "x25519")).lines().toList();

        assertThat(out)
                .contains("provider SunEC false", "again SunEC", "X25519 SunEC", "providers named so 0", "all right");
    }

    private static String probe(String classPath) {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return ProcessRun.of(java, "-cp", classPath, ProviderProbe.class.getName())
                .within(Duration.ofMinutes(2))
                .run()
                .ok()
                .both();
    }

    private static String classPath(String... without) {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> Arrays.stream(without).noneMatch(entry::contains))
                .collect(Collectors.joining(File.pathSeparator));
    }
}

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

    @Test
    void amazons_provider_is_first_where_it_loads_and_breaks_nothing() {
        assumeTrue(
                System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux")
                        && List.of("amd64", "aarch64").contains(System.getProperty("os.arch")),
                "no native library for this machine");

        var out = probe(classPath(true)).lines().toList();

        assertThat(out).contains("provider " + ACCP + " true", "again " + ACCP, "providers named so 1", "all right");
    }

    @Test
    void without_its_jar_the_jdks_provider_does_the_work() {
        var out = probe(classPath(false)).lines().toList();

        assertThat(out).contains("provider SunEC false", "again SunEC", "providers named so 0", "all right");
    }

    private static String probe(String classPath) {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return ProcessRun.of(java, "-cp", classPath, ProviderProbe.class.getName())
                .within(Duration.ofMinutes(2))
                .run()
                .ok()
                .out();
    }

    private static String classPath(boolean withAccp) {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> withAccp || !entry.contains(ACCP))
                .collect(Collectors.joining(File.pathSeparator));
    }
}

package io.gatehouse.enrollment.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.testkit.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LifecycleTest {
    private static final InstantSource CLOCK = InstantSource.system();

    @TempDir
    private Path directory;

    private static ServiceConfig config() {
        var ports = FreePorts.take(4);
        var defaults = ServiceConfig.defaults();
        return new ServiceConfig(
                defaults.hosts(),
                "127.0.0.1",
                defaults.trustDomain(),
                ports.get(0),
                ports.get(1),
                "127.0.0.1",
                ports.get(2),
                ports.get(3),
                OptionalInt.empty(),
                defaults.maxStale(),
                defaults.serviceHeapMegabytes(),
                defaults.brokerHeapMegabytes(),
                defaults.checkpoints());
    }

    private static char[] passphrase() {
        return "test passphrase".toCharArray();
    }

    @Test
    void starts_stops_and_starts_again_with_a_new_token_and_frees_what_it_took_when_a_start_fails() throws IOException {
        var home = new Home(directory.resolve("home")).create();
        var config = config();
        NewHome.make(config, home, passphrase(), CLOCK);
        String first;
        long begin;
        try (var service = EnrollmentService.start(config, home, passphrase(), CLOCK)) {
            assertThat(service.ports()).isEqualTo(new Ports(config.enrollPort(), config.adminPort(), config.pkiPort()));
            first = Files.readString(home.adminToken());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.adminToken())))
                    .isEqualTo("rw-------");
            begin = System.nanoTime();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(8));
        try (var taken = new ServerSocket(config.enrollPort(), 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> EnrollmentService.start(config, home, passphrase(), CLOCK))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("enroll")
                    .hasMessageContaining(Integer.toString(taken.getLocalPort()));
        }
        try (var service = EnrollmentService.start(config, home, passphrase(), CLOCK)) {
            assertThat(Files.readString(home.adminToken())).isNotEqualTo(first).hasSizeGreaterThan(40);
        }
    }
}

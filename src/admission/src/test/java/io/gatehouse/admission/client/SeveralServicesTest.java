package io.gatehouse.admission.client;

import static io.gatehouse.admission.Directories.device;
import static io.gatehouse.admission.Directories.fleet;
import static io.gatehouse.admission.Directories.sha256;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.FreePorts;
import io.gatehouse.testkit.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Addresses of which some do not do their work, over real TLS. */
class SeveralServicesTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    @TempDir
    Path folder;

    private FakeService good;

    @BeforeEach
    void start() throws Exception {
        good = new FakeService();
        good.directory("e", 7, fleet("f"), device("d-1", "f"));
    }

    @AfterEach
    void stop() throws Exception {
        good.close();
    }

    @Test
    void goes_on_from_a_dead_one_and_from_one_that_never_shakes_hands() throws Exception {
        var dead = URI.create("https://localhost:" + FreePorts.take());
        try (var silent = new ServerSocket(0, 5, HERE);
                var link = new TestLink(List.of(dead, at(silent), good.uri()), folder).start()) {
            works(link);
        }
    }

    @Test
    void goes_on_from_one_that_takes_the_request_and_says_nothing() throws Exception {
        try (var mute = new FakeService()) {
            mute.mute = true;
            try (var link = new TestLink(List.of(mute.uri(), good.uri()), folder).start()) {
                works(link);
            }
        }
    }

    @Test
    void goes_on_from_one_with_a_foreign_certificate_and_asks_it_nothing() throws Exception {
        var stranger = TestAuthority.root()
                .servicesCa()
                .server(order -> order.uri("spiffe://gatehouse.internal/service/enrollment"));
        try (var foreign = stranger.sslContext(List.of(FakeService.ROOT.certificate()))
                        .getServerSocketFactory()
                        .createServerSocket(0, 5, HERE);
                var link = new TestLink(List.of(at(foreign), good.uri()), folder)) {
            var heard = new java.util.concurrent.atomic.AtomicInteger();
            var thread = new Thread(() -> {
                try (var socket = (SSLSocket) foreign.accept()) {
                    socket.startHandshake();
                    heard.set(socket.getInputStream().read());
                } catch (IOException refused) {
                    heard.set(-1);
                }
            });
            thread.start();
            link.start();
            works(link);
            thread.join();
            assertThat(heard).hasValue(-1);
        }
    }

    @Test
    void stays_with_the_one_that_works_and_its_reports_follow_until_that_fails_too() throws Exception {
        try (var first = new FakeService()) {
            first.directory("e", 7, fleet("f"), device("d-1", "f"));
            first.feedStatus = 503;
            try (var link = new TestLink(List.of(first.uri(), good.uri()), folder).start()) {
                works(link);
                first.feedStatus = 200;
                long revision = good.change(device("d-2", "f"));
                link.await("e", revision);
                acknowledged(good, revision);
                assertThat(first.reports).isEmpty();

                first.directory("e", revision, fleet("f"), device("d-1", "f"), device("d-2", "f"));
                good.close();
                link.await("e", first.change(device("d-3", "f")));
                acknowledged(first, revision + 1);
            }
        }
    }

    /** The directory came, and a report arrived where it came from. */
    private void works(TestLink link) {
        link.await("e", 7);
        link.reports().admitted(sha256("c"));
        acknowledged(good, 7);
    }

    private static void acknowledged(FakeService by, long revision) {
        Await.until(
                "revision " + revision + " acknowledged",
                TestLink.LIMIT,
                () -> by.reports.stream().anyMatch(report -> report.revision() == revision));
    }

    private static URI at(ServerSocket socket) {
        return URI.create("https://localhost:" + socket.getLocalPort());
    }
}

package io.gatehouse.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.TempHome;
import io.gatehouse.testkit.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** An operator's HiveMQ becomes a broker node, is upgraded, and is given up, by what the page for operators says. */
class BrokerNodeTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @Test
    void a_bare_hivemq_is_enrolled_upgraded_and_removed() throws Exception {
        Tools.require("unzip", "mosquitto_pub");
        try (TempHome folder = TempHome.create();
                Gatehouse gatehouse = Gatehouse.up();
                HivemqNode node = HivemqNode.bare(gatehouse, "b2", folder.path())) {
            gatehouse.fleet("f");
            HeldCertificate device = gatehouse.enroll("f", "d-1");

            ProcessRun.Result without = node.enroll();
            assertThat(without.exit()).as(without.both()).isEqualTo(2);
            assertThat(without.err()).contains("unzip gatehouse-broker-extension-");
            node.unzip();
            ProcessRun.Result enrolled =
                    node.enroll("--host", "localhost,127.0.0.1").ok();
            assertThat(enrolled.out()).contains("broker b2 is enrolled").contains("a plain listener on 1883");
            assertThat(node.enroll("--write-listener").ok().out()).doesNotContain("to do:");
            node.set("max-stale", "PT10S");
            node.start();
            assertThat(node.status().path("names")).hasToString("[\"localhost\",\"127.0.0.1\"]");
            admitted(node, folder.path(), gatehouse, device);

            aTakenNameIsRefused(gatehouse, folder.path());
            Path key = node.home().resolve("conf/gatehouse/feed.key");
            String before = Files.readString(key);
            upgrade(node);
            admitted(node, folder.path(), gatehouse, device);
            assertThat(key).hasContent(before);

            gatehouse.cli("broker-node", "remove", "b2").ok();
            assertThat(node.status().isMissingNode()).isTrue();
            Await.until(
                    "the feed is cut and stays so",
                    SOON,
                    () -> node.process().out().contains("unknown-certificate"));
            Await.until(
                    "it refuses as stale",
                    SOON,
                    () -> node.mqtt("d-1").with(device).refused().word().equals("stale"));
        }
    }

    private static void aTakenNameIsRefused(Gatehouse gatehouse, Path folder) throws IOException {
        try (HivemqNode other = HivemqNode.bare(gatehouse, "b2", folder.resolve("other"))) {
            other.unzip();
            ProcessRun.Result refused = other.enroll("--host", "localhost");
            assertThat(refused.exit()).as(refused.both()).isEqualTo(1);
            assertThat(refused.err())
                    .contains("broker b2 is registered with another key")
                    .contains("already-exists");
            assertThat(other.home().resolve("conf/gatehouse/feed.pem")).doesNotExist();
        }
    }

    private static void upgrade(HivemqNode node) throws IOException {
        node.stop();
        try (Stream<Path> files = Files.walk(node.home().resolve("extensions/gatehouse"))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        node.unzip();
        node.start();
        assertThat(node.process().out()).as("the directory was kept").doesNotContain("asking for a snapshot");
    }

    /** By a client that knows nothing of Gatehouse. */
    private static void admitted(HivemqNode node, Path folder, Gatehouse gatehouse, HeldCertificate device)
            throws IOException {
        Path files = Files.createDirectories(folder.resolve("d-1"));
        Files.setPosixFilePermissions(files, PosixFilePermissions.fromString("rwx------"));
        HeldCertificate.PemFiles pem = device.writeTo(files, "d-1");
        Await.until(
                "mosquitto_pub is admitted",
                SOON,
                () -> ProcessRun.of("mosquitto_pub", "-V", "5", "-h", "localhost", "-p", "" + node.port(), "-i", "d-1")
                                .with("--cafile", gatehouse.trustFile().toString())
                                .with(
                                        "--cert",
                                        pem.certificates().toString(),
                                        "--key",
                                        pem.key().toString())
                                .with("-t", "devices/d-1/telemetry/t", "-m", "x", "-q", "1")
                                .run()
                                .exit()
                        == 0);
    }
}

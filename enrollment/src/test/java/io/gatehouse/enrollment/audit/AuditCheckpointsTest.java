package io.gatehouse.enrollment.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.app.domain.AuditCheckpoint;
import java.io.DataInputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditCheckpointsTest {
    @TempDir
    Path temp;

    private AuditRig rig(long every) {
        return new AuditRig(temp.resolve("gatehouse.db"), every);
    }

    @Test
    void one_is_made_for_the_first_entries_then_every_so_many_and_after_an_hour() {
        try (var rig = rig(5)) {
            rig.checkpoints.look();
            assertThat(rig.elsewhere).isEmpty();
            rig.acts(1);
            rig.checkpoints.look();
            rig.acts(4);
            rig.checkpoints.look();
            assertThat(rig.elsewhere).extracting(AuditCheckpoint::seq).containsExactly(1L);
            rig.acts(1);
            rig.checkpoints.look();
            rig.checkpoints.look();
            assertThat(rig.elsewhere).extracting(AuditCheckpoint::seq).containsExactly(1L, 6L);
            rig.acts(1);
            rig.clock.advance(Duration.ofMinutes(61));
            rig.checkpoints.look();
            assertThat(rig.elsewhere).extracting(AuditCheckpoint::seq).containsExactly(1L, 6L, 7L);
        }
    }

    @Test
    void copies_that_could_not_be_handed_over_are_not_forgotten_by_a_restart() {
        try (var rig = rig(1)) {
            rig.away = true;
            rig.acts(1);
            rig.checkpoints.look();
            rig.acts(1);
            rig.checkpoints.look();
            assertThat(rig.checkpoints.problem()).isPresent();
        }
        try (var rig = rig(1)) {
            rig.checkpoints.look();
            assertThat(rig.elsewhere).extracting(AuditCheckpoint::seq).containsExactly(1L, 2L);
            assertThat(rig.checkpoints.problem()).isEmpty();
            rig.checkpoints.look();
            assertThat(rig.elsewhere).hasSize(2);
        }
    }

    @Test
    void a_file_elsewhere_gets_a_line_each() throws Exception {
        try (var rig = rig(1)) {
            var file = temp.resolve("checkpoints.ndjson");
            var copies = new CopiesElsewhere(file.toUri(), "gate.example.com");
            rig.acts(1);
            var checkpoint = rig.checkpoints.now().orElseThrow();
            var genesis = rig.registry.read(view -> view.auditGenesis());
            copies.keep(checkpoint, genesis);
            copies.keep(checkpoint, genesis);
            assertThat(Files.readAllLines(file)).hasSize(2);
            assertThat(AuditLines.checkpoint(
                            AuditLines.parse(Files.readAllLines(file).get(1).getBytes(StandardCharsets.UTF_8))))
                    .isEqualTo(checkpoint);
        }
    }

    @Test
    void syslog_messages_are_of_rfc_5424_counted_in_octets_over_tcp() throws Exception {
        try (var rig = rig(1);
                var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var datagrams = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            var received = CompletableFuture.supplyAsync(() -> {
                try (var peer = server.accept();
                        var in = new DataInputStream(peer.getInputStream())) {
                    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            rig.acts(1);
            var checkpoint = rig.checkpoints.now().orElseThrow();
            var genesis = rig.registry.read(view -> view.auditGenesis());
            new CopiesElsewhere(URI.create("tcp://127.0.0.1:" + server.getLocalPort()), "gate.example.com")
                    .keep(checkpoint, genesis);
            var frame = received.get(10, TimeUnit.SECONDS);
            int space = frame.indexOf(' ');
            var message = frame.substring(space + 1);
            assertThat(Integer.parseInt(frame.substring(0, space))).isEqualTo(message.length());
            assertThat(message)
                    .matches(
                            "<109>1 2026-11-23T12:00:00Z gate\\.example\\.com gatehouse - audit-checkpoint - \\{.*\\}");

            datagrams.setSoTimeout(10_000);
            new CopiesElsewhere(URI.create("udp://127.0.0.1:" + datagrams.getLocalPort()), "gate.example.com")
                    .keep(checkpoint, genesis);
            var packet = new DatagramPacket(new byte[4096], 4096);
            datagrams.receive(packet);
            assertThat(new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8))
                    .isEqualTo(message);
        }
    }
}

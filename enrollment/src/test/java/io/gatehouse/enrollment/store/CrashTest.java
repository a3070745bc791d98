package io.gatehouse.enrollment.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.app.House;
import io.gatehouse.enrollment.app.domain.DeviceCertificate;
import io.gatehouse.enrollment.app.port.View.ChangeLine;
import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.RevocationReason;
import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.ProcessRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another process enrolls and revokes, and says what it was told is done; then it is killed in the middle. */
class CrashTest {
    @TempDir
    Path temp;

    @Test
    void what_was_answered_survives_a_kill_and_nothing_is_half_done() throws Exception {
        var file = temp.resolve("gatehouse.db");
        List<String> told;
        try (var child = ProcessRun.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        file.toString())
                .start()) {
            Await.until("some acts", Duration.ofSeconds(120), () -> {
                assertThat(child.isAlive()).as(child::err).isTrue();
                return child.out()
                                .lines()
                                .filter(line -> line.startsWith("revoked"))
                                .count()
                        >= 12;
            });
            child.kill();
            child.awaitExit(Duration.ofSeconds(20));
            String out = child.out();
            told = out.substring(0, out.lastIndexOf('\n') + 1).lines().toList();
        }

        try (var house = new House(file)) {
            told.forEach(line -> assertDone(house, line.split(" ")));
            assertThat(house.audit.verify().holds()).isTrue();
            var lines = house.registry.read(view -> view.changes(0, 100_000));
            assertThat(lines)
                    .extracting(ChangeLine::revision)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, lines.size()).boxed().toList());
            assertThat(house.registry.read(view -> view.position()).revision()).isEqualTo(lines.size());
            assertThat(UnderLoadTest.replayed(lines)).isEqualTo(UnderLoadTest.stored(house));
            house.gadget("after").enrolled();
        }
    }

    private static void assertDone(House house, String[] told) {
        if (told[0].equals("enrolled")) {
            Optional<DeviceCertificate> found = house.registry.read(view -> view.certificate(Fingerprint.of(told[2])));
            assertThat(found).isPresent();
        } else if (told[0].equals("revoked")) {
            var device = house.registry.read(view -> view.device(DeviceId.of(told[1])));
            assertThat(device.orElseThrow().revokedAt()).isPresent();
            assertThat(house.certificates(DeviceId.of(told[1])))
                    .allMatch(certificate -> certificate.state() == CertificateState.REVOKED);
        }
    }

    /** The process that is killed: four threads, one line a thing that is done. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] arguments) {
            @SuppressWarnings("resource") // killed, not closed
            var house = new House(Path.of(arguments[0])).withFleet();
            for (int i = 0; i < 4; i++) {
                int thread = i;
                new Thread(() -> forEver(house, thread)).start();
            }
        }

        private static void forEver(House house, int thread) {
            for (int i = 0; ; i++) {
                var gadget = house.gadget("d-" + thread + "-" + i).enrolled();
                say("enrolled " + gadget.id() + " " + gadget.sha256());
                if (i % 3 == 0) {
                    House.done(house.devices.revoke(
                            House.ADMIN, gadget.id(), RevocationReason.UNSPECIFIED, Duration.ZERO));
                    say("revoked " + gadget.id());
                }
            }
        }

        private static synchronized void say(String line) {
            System.out.println(line);
            System.out.flush();
        }
    }
}

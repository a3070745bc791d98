package io.gatehouse.broker.real;

import static io.gatehouse.broker.real.RawMqtt.Connect.v5;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.admission.replica.Applied;
import io.gatehouse.admission.replica.Replica;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.HeldCertificate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The broker is killed by signal 9 while devices are revoked; one home through all rounds. */
class KilledAtRandomTest {
    private static final int ROUNDS =
            Integer.getInteger("gatehouse.kills", Boolean.getBoolean("gatehouse.long") ? 100 : 10);
    private static final int WILL_DELAY_SECONDS = 60;

    private static final Pki PKI = new Pki();

    @TempDir
    Path copies;

    private final long seed = Long.getLong("gatehouse.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final HeldCertificate app = PKI.device("app");
    private int savedAndNotPurged;
    private boolean subscribed;

    @Test
    @Timeout(value = 60, unit = TimeUnit.MINUTES)
    void never_leaves_an_unreadable_replica_an_admitted_revoked_device_or_anything_of_its_sessions() throws Exception {
        try (var service = new FakeService(PKI);
                var home = BrokerHome.ready(PKI, service.url())) {
            service.change(
                    World.fleet("f", World.TELEMETRY),
                    World.fleet("apps", World.EVERYTHING),
                    World.device("app", "apps"),
                    World.valid("app", app));
            var broker = RealBroker.startReady(home);
            try {
                try (var listener = application(broker)) {
                    assertThat(listener.subscribe("devices/+/telemetry/will", 1).code())
                            .isEqualTo(1);
                    subscribed = true;
                }
                for (int number = 1; number <= ROUNDS; number++) {
                    var round = new Round(number, service);
                    round.killWhileRevoking(broker);
                    broker.close();
                    boolean saved = round.isSaved(home);
                    // What is saved has to be enough: nobody is there to say it again.
                    service.silent(saved);
                    broker = RealBroker.startReady(home);
                    round.refusesWhomItKnewRevoked(broker, saved);
                    service.silent(false);
                    round.leavesNothing(broker);
                }
            } finally {
                broker.close();
            }
        }
        System.out.printf("%d kills, %d of them between saving the replica and purging%n", ROUNDS, savedAndNotPurged);
        assertThat(savedAndNotPurged).as("seed " + seed).isPositive();
    }

    private RawMqtt application(RealBroker broker) {
        var mqtt = broker.connection(app);
        var connack = mqtt.connect(v5("app").persistent());
        assertThat(connack.code()).isZero();
        assertThat(connack.sessionPresent())
                .as("the application's session stays")
                .isEqualTo(subscribed);
        return mqtt;
    }

    private static RawMqtt in(RealBroker broker, HeldCertificate held, RawMqtt.Connect connect) {
        var mqtt = broker.connection(held);
        assertThat(mqtt.connect(connect).code()).isZero();
        return mqtt;
    }

    /**
     * A device that is connected, one that is away with a queue and a delayed will, and one that is away with a queue and not revoked.
     * (HiveMQ CE forgets delayed wills when it restarts: they are only to be seen if they come before.)
     */
    private final class Round {
        private final int number;
        private final FakeService service;
        private final String live;
        private final String away;
        private final String other;
        private final HeldCertificate liveKey;
        private final HeldCertificate awayKey;
        private final HeldCertificate otherKey;
        private long revocation;

        Round(int number, FakeService service) {
            this.number = number;
            this.service = service;
            this.live = "live-" + number;
            this.away = "away-" + number;
            this.other = "other-" + number;
            this.liveKey = PKI.device(live);
            this.awayKey = PKI.device(away);
            this.otherKey = PKI.device(other);
        }

        void killWhileRevoking(RealBroker broker) {
            service.awaitEnforced(service.change(
                    World.device(live, "f"),
                    World.valid(live, liveKey),
                    World.device(away, "f"),
                    World.valid(away, awayKey),
                    World.device(other, "f"),
                    World.valid(other, otherKey)));
            var connected = in(broker, liveKey, v5(live).persistent().will(topic(live), live, 0));
            leaveBehind(broker, away, awayKey);
            leaveBehind(broker, other, otherKey);
            try (connected;
                    var sender = application(broker)) {
                for (var device : List.of(away, other)) {
                    assertThat(sender.publish("devices/" + device + "/commands/c", "for " + device)
                                    .code())
                            .isZero();
                }
                if (number % 3 == 0) {
                    // it comes with a whole directory
                    service.silent(true);
                    revoke();
                    service.forgetChanges();
                    service.silent(false);
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(900)));
                } else {
                    revoke();
                    if (number % 3 == 1) {
                        Await.until(
                                "it to be saved",
                                Duration.ofSeconds(20),
                                () -> holdsRevocation(broker.home.data().resolve("replica")));
                    } else {
                        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(300_000)));
                    }
                }
                broker.kill();
            }
        }

        private void revoke() {
            var entries = new ArrayList<Entry>();
            entries.addAll(List.of(World.revocation(live, "f", 1, liveKey)));
            entries.addAll(List.of(World.revocation(away, "f", 1, awayKey)));
            revocation = service.change(entries.toArray(Entry[]::new));
        }

        /** A session that wants commands, and a will that waits. */
        private void leaveBehind(RealBroker broker, String device, HeldCertificate held) {
            var will = v5(device).persistent().will(topic(device), device, WILL_DELAY_SECONDS);
            try (var mqtt = in(broker, held, will)) {
                assertThat(mqtt.subscribe("devices/" + device + "/commands/#", 1)
                                .code())
                        .isEqualTo(1);
            }
            service.awaitReport("\"device\":\"" + device + "\",\"reason\"");
        }

        private boolean holdsRevocation(Path replica) throws IOException {
            try (var files = Files.list(replica)) {
                for (var file : files.filter(f -> f.getFileName().toString().startsWith("journal"))
                        .toList()) {
                    var text = Files.readString(file, StandardCharsets.ISO_8859_1);
                    if (text.contains("\"id\":\"" + away + "\"") && text.contains("\"revision\":" + revocation + ",")) {
                        return true;
                    }
                }
                return false;
            } catch (NoSuchFileException | java.io.UncheckedIOException rewritten) {
                return false;
            }
        }

        /** Whether the replica that was left knows of the revocation; that it can be read is asserted. */
        boolean isSaved(BrokerHome home) throws IOException {
            var copy = copies.resolve("replica-" + number);
            Files.createDirectory(copy);
            try (Stream<Path> files = Files.list(home.data().resolve("replica"))) {
                for (var file : files.toList()) {
                    Files.copy(file, copy.resolve(file.getFileName()));
                }
            }
            try (var replica = Replica.open(copy, InstantSource.system(), durable -> {})) {
                assertThat(replica.problem()).as(this::toString).isEmpty();
                boolean saved = replica.directory()
                        .read(view -> view.device(DeviceId.of(away))
                                .filter(device -> device.revocations() > 0)
                                .isPresent());
                assertThat(saved || !service.isReported(revocation))
                        .as("what was reported as enforced is saved: " + this)
                        .isTrue();
                Set<DeviceId> unpurged = replica.found().map(Applied::purged).orElse(Set.of());
                if (saved && unpurged.contains(DeviceId.of(away))) {
                    savedAndNotPurged++;
                }
                return saved;
            }
        }

        void refusesWhomItKnewRevoked(RealBroker broker, boolean saved) {
            if (!saved) {
                service.awaitEnforced(revocation);
            }
            try (var first = broker.connection(liveKey);
                    var second = broker.connection(awayKey)) {
                assertThat(first.connect(v5(live).persistent()).text())
                        .as(this::toString)
                        .contains("revoked");
                assertThat(second.connect(v5(away).persistent()).text())
                        .as(this::toString)
                        .contains("revoked");
            }
        }

        void leavesNothing(RealBroker broker) {
            var successor = PKI.device(away);
            service.awaitEnforced(service.change(World.valid(away, successor)));
            try (var next = broker.connection(successor)) {
                var connack = next.connect(v5(away).persistent());
                assertThat(connack.code()).as(this + " " + connack.text()).isZero();
                assertThat(connack.sessionPresent()).as(this::toString).isFalse();
                next.ping();
            }
            try (var kept = broker.connection(otherKey)) {
                assertThat(kept.connect(v5(other).persistent()).sessionPresent())
                        .as(this::toString)
                        .isTrue();
                assertThat(kept.next().text()).as(this::toString).endsWith("for " + other);
            }
            try (var listener = application(broker)) {
                // no will
                listener.ping();
            }
        }

        private String topic(String device) {
            return "devices/" + device + "/telemetry/will";
        }

        @Override
        public String toString() {
            return "round " + number + " of seed " + seed;
        }
    }
}

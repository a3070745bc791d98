package io.gatehouse.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.agent.service.ServiceAddress;
import io.gatehouse.agent.state.DurableFiles;
import io.gatehouse.agent.state.FileStore;
import io.gatehouse.agent.state.Generation;
import io.gatehouse.agent.state.GenerationStore;
import io.gatehouse.agent.task.Enroll;
import io.gatehouse.agent.task.LinkSettings;
import io.gatehouse.agent.task.Renew;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.x509.Keys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The process ends (SIGKILL, power) at each change of the disk in turn, before it and in the middle of it, and is then started again: the
 * device always ends with a working identity, and never with a second one.
 */
class InterruptionTest {
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final LinkSettings LINK =
            new LinkSettings(Optional.empty(), Duration.ofSeconds(60), Duration.ZERO, Duration.ofHours(1));

    @TempDir
    Path directory;

    /** What a killed process does not do any more. */
    private static final class Killed extends RuntimeException {}

    /** The disk of a process that ends at the n-th change; odd: half done, as far as a change can be. */
    private static final class Mortal implements FileStore {
        private final FileStore disk = new DurableFiles();
        private int changesLeft;

        Mortal(int changesLeft) {
            this.changesLeft = changesLeft;
        }

        private void live() {
            if (changesLeft-- == 0) {
                throw new Killed();
            }
        }

        @Override
        public void makeDirectory(Path path) throws IOException {
            live();
            disk.makeDirectory(path);
        }

        @Override
        public void write(Path file, byte[] content) throws IOException {
            if (changesLeft == 0) {
                // half of the temporary file is on the disk
                Files.write(file.resolveSibling("." + file.getFileName() + ".new"), new byte[] {1, 2, 3});
            }
            live();
            disk.write(file, content);
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            live();
            disk.rename(from, to);
        }

        @Override
        public void link(Path link, Path target) throws IOException {
            live();
            disk.link(link, target);
        }

        @Override
        public void remove(Path path) throws IOException {
            if (changesLeft == 0 && Files.isDirectory(path)) {
                // the first file of the directory is gone already
                try (var files = Files.list(path)) {
                    var first = files.sorted().findFirst();
                    if (first.isPresent()) {
                        disk.remove(first.get());
                    }
                }
            }
            live();
            disk.remove(path);
        }
    }

    @Test
    void enrollment_survives_an_end_at_any_change_of_the_disk() throws IOException {
        int changes;
        try (var rig = rig("enroll")) {
            changes = counted(files -> enroll(rig, files));
        }
        assertThat(changes).isGreaterThan(8);
        each(changes, at -> {
            try (var rig = rig("enroll-" + at)) {
                killed(at, files -> enroll(rig, files));
                assertThat(enroll(rig, new DurableFiles()).failure()).isEmpty();
                works(rig);
                assertThat(rig.service.requests.stream()
                                .filter(r -> r.path().endsWith("simpleenroll"))
                                .map(r -> new String(r.body(), StandardCharsets.US_ASCII))
                                .distinct())
                        .as("one key only is ever sent")
                        .hasSize(1);
            }
        });
    }

    @Test
    void renewal_survives_an_end_at_any_change_of_the_disk() throws IOException {
        int changes;
        try (var rig = rig("renew")) {
            assertThat(enroll(rig, new DurableFiles()).failure()).isEmpty();
            changes = counted(files -> renew(rig, files));
        }
        assertThat(changes).isGreaterThan(8);
        each(changes, at -> {
            try (var rig = rig("renew-" + at)) {
                assertThat(enroll(rig, new DurableFiles()).failure()).isEmpty();
                var before = rig.store().current().orElseThrow().certificate();
                killed(at, files -> renew(rig, files));
                whole(rig);
                if (rig.store().current().orElseThrow().certificate().equals(before)) {
                    assertThat(renew(rig, new DurableFiles()).failure()).isEmpty();
                }
                works(rig);
                assertThat(rig.store().current().orElseThrow().certificate()).isNotEqualTo(before);
                assertThat(rig.store().staged()).isEmpty();
            }
        });
    }

    @Test
    void discarding_survives_an_end_at_any_change_of_the_disk() {
        each(3, at -> {
            try (var rig = rig("discard-" + at)) {
                assertThat(enroll(rig, new DurableFiles()).failure()).isEmpty();
                rig.broker.connack = new FakeBroker.Say(0x87, "revoked");
                assertThat(renew(rig, new DurableFiles()).failure()).isPresent();
                killed(at, files -> {
                    var store = new GenerationStore(rig.state, files);
                    store.discard(store.staged().orElseThrow());
                    return Attempt.done();
                });
                rig.broker.connack = FakeBroker.Say.WELCOME;
                assertThat(renew(rig, new DurableFiles()).failure()).isEmpty();
                works(rig);
            }
        });
    }

    private AgentRig rig(String name) throws IOException {
        return new AgentRig(Files.createDirectory(directory.resolve(name)));
    }

    private interface Trial {
        void at(int change) throws Exception;
    }

    /** All at once: they mostly wait. */
    private static void each(int changes, Trial trial) {
        var trials = IntStream.range(0, changes)
                .mapToObj(at -> CompletableFuture.runAsync(
                        () -> {
                            try {
                                trial.at(at);
                            } catch (Exception | AssertionError e) {
                                throw new AssertionError("at change " + at, e);
                            }
                        },
                        task -> new Thread(task).start()))
                .toList();
        trials.forEach(CompletableFuture::join);
    }

    private interface Work {
        Attempt<?> on(FileStore files);
    }

    private static int counted(Work work) {
        var files = new Mortal(Integer.MAX_VALUE);
        assertThat(work.on(files).failure()).isEmpty();
        return Integer.MAX_VALUE - files.changesLeft;
    }

    private static void killed(int at, Work work) {
        assertThatThrownBy(() -> work.on(new Mortal(at))).isInstanceOf(Killed.class);
    }

    private static Attempt<Enroll.Enrolled> enroll(AgentRig rig, FileStore files) {
        var order = new Enroll.Order(
                ServiceAddress.parse(rig.service.url()).orElseThrow(),
                new Enroll.Pin.Roots(rig.service.roots()),
                DeviceId.of("d-1"),
                Optional.empty(),
                FakeService.SECRET,
                false);
        return new Enroll(new GenerationStore(rig.state, files), rig.clock, DEADLINE).run(order);
    }

    private static Attempt<Generation> renew(AgentRig rig, FileStore files) {
        var store = new GenerationStore(rig.state, files);
        return new Renew(store, LINK, rig.clock).run(true);
    }

    private static void whole(AgentRig rig) {
        var current = rig.store().current().orElseThrow();
        assertThat(Keys.match(current.key(), current.certificate().getPublicKey()))
                .isTrue();
        assertThat(current.identity().chain()).hasSize(2);
        assertThat(current.trust()).isEqualTo(rig.service.roots());
    }

    /** The identity in use is whole, and the broker lets it in. */
    private static void works(AgentRig rig) {
        whole(rig);
        assertThat(rig.verb("publish", "devices/d-1/telemetry/t", "--message", "x")
                        .exit())
                .isZero();
    }
}

package io.gatehouse.enrollment.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.admission.feed.FeedLine;
import io.gatehouse.enrollment.app.domain.DeviceCertificate;
import io.gatehouse.enrollment.app.domain.Proof;
import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.RevocationReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever the clock does, and whenever the service is killed: who follows the stream holds the same as who takes a snapshot, and in the
 * end every certificate that is good is in the directory, and none that ended long ago.
 */
class EndedPropertyTest {
    private static final DeviceId DEVICE = DeviceId.of("pump-1");
    private static final int BATCH = 7;
    private static final int ACTS = 250;

    @TempDir
    Path temp;

    private Path file;
    private House house;
    private Random random;
    private EndedCertificates ended;
    private final AtomicLong nanos = new AtomicLong();
    private final List<DeviceCertificate> all = new ArrayList<>();
    private final Map<Fingerprint, Entry> followed = new HashMap<>();
    private long followedTo;
    private int kills;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void stream_and_snapshot_agree_at_each_step_and_the_good_ones_are_in(long seed) {
        random = new Random(seed);
        file = temp.resolve("gatehouse.db");
        house = new House(file).withFleet();
        try {
            house.gadget(DEVICE.value()).enrolled();
            all.addAll(house.certificates(DEVICE));
            house.broker(House.B1);
            started();
            for (int i = 0; i < ACTS; i++) {
                act();
                follow();
                assertThat(followed).as("act %s", i).isEqualTo(snapshot());
            }
            settled();
        } finally {
            house.close();
        }
    }

    private void started() {
        ended = new EndedCertificates(house.registry, house.clock, nanos::get, BATCH);
    }

    private void act() {
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> issue();
            case 3 -> change();
            case 4 -> house.clock.advance(Duration.ofHours(random.nextInt(-2400, 2400)));
            case 5 -> settled();
            case 6 -> pass(Duration.ofDays(random.nextInt(60)));
            case 7 -> {
                if (random.nextInt(10) == 0) {
                    var copy = temp.resolve("killed-" + ++kills + ".db");
                    house = killed(house, file, copy);
                    file = copy;
                    started();
                }
            }
            default -> {
                pass(Duration.ofMinutes(random.nextInt(50)));
                ended.step();
            }
        }
    }

    private void pass(Duration time) {
        house.clock.advance(time);
        nanos.addAndGet(time.toNanos());
    }

    /** Many with the same end, as an import brings them; some that ended before they are made known. */
    private void issue() {
        var end = house.clock
                .instant()
                .plus(Duration.ofDays(random.nextInt(-5, 90)))
                .truncatedTo(ChronoUnit.DAYS);
        int many = random.nextInt(1, 2 * BATCH);
        house.registry.write(transaction -> {
            for (int i = 0; i < many; i++) {
                byte[] der = new byte[32];
                random.nextBytes(der);
                var certificate = certificate(der, end);
                transaction.insert(certificate, der);
                all.add(certificate);
            }
            return true;
        });
    }

    private DeviceCertificate certificate(byte[] der, Instant end) {
        var sha256 = Fingerprint.sha256(der);
        return new DeviceCertificate(
                sha256,
                DEVICE,
                new BigInteger(1, der),
                "CN=any",
                CertificateState.VALID,
                Optional.empty(),
                Optional.empty(),
                end.minus(Duration.ofDays(90)),
                end,
                house.clock.instant(),
                sha256,
                false,
                Proof.NONE,
                false,
                Optional.empty());
    }

    private void change() {
        int which = random.nextInt(all.size());
        var now = house.clock.instant();
        house.registry.write(transaction -> {
            var certificate = transaction.certificate(all.get(which).sha256()).orElseThrow();
            transaction.update(
                    switch (random.nextInt(3)) {
                        case 0 -> certificate.held(now);
                        case 1 -> certificate.superseded();
                        default -> certificate.revoked(RevocationReason.UNSPECIFIED, now, false);
                    });
            return true;
        });
    }

    /** The clock is right for an hour, whatever it did before. */
    private void settled() {
        ended.step();
        pass(EndedCertificates.STEADY);
        int steps = 0;
        while (ended.step()) {
            follow();
            assertThat(followed).isEqualTo(snapshot());
            assertThat(++steps).isLessThanOrEqualTo(all.size() / BATCH + 1);
        }
        follow();
        var now = house.clock.instant();
        Set<Fingerprint> must = new HashSet<>();
        Set<Fingerprint> may = new HashSet<>();
        for (var certificate : all) {
            if (!certificate.expired(now)) {
                must.add(certificate.sha256());
            }
            if (!certificate.notAfter().isBefore(now.minus(EndedCertificates.MARGIN))) {
                may.add(certificate.sha256());
            }
        }
        assertThat(followed.keySet()).containsAll(must);
        assertThat(may).containsAll(followed.keySet());
    }

    private void follow() {
        for (var change : house.registry.read(view -> view.changes(followedTo, 100_000))) {
            assertThat(change.revision()).isEqualTo(followedTo + 1);
            followedTo = change.revision();
            var entries = ((FeedLine.Change) House.line(change.line())).entries();
            for (var entry : entries) {
                if (entry instanceof Entry.CertificateEntry certificate) {
                    followed.put(certificate.sha256(), certificate);
                } else if (entry instanceof Entry.CertificateRemoved removed) {
                    followed.remove(removed.sha256());
                }
            }
        }
    }

    private Map<Fingerprint, Entry> snapshot() {
        Map<Fingerprint, Entry> entries = new HashMap<>();
        house.hub.snapshot(House.B1, bytes -> {
            if (House.line(bytes) instanceof Entry.CertificateEntry certificate) {
                entries.put(certificate.sha256(), certificate);
            }
        });
        return entries;
    }

    /** A house that starts, by the right clock, from a copy of the files of the other one, as they are when that is killed now. */
    static House killed(House house, Path file, Path copy) {
        try {
            for (var suffix : List.of("", "-wal")) {
                Files.copy(
                        file.resolveSibling(file.getFileName() + suffix),
                        copy.resolveSibling(copy.getFileName() + suffix));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        house.close();
        return new House(copy, house.issuer);
    }
}

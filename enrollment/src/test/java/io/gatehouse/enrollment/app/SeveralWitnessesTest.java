package io.gatehouse.enrollment.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.enrollment.app.Restorations.Part;
import io.gatehouse.enrollment.app.domain.Device;
import io.gatehouse.enrollment.app.port.View.Position;
import io.gatehouse.enrollment.store.DatabaseFile;
import io.gatehouse.enrollment.store.RestoredDatabase;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.identity.RevocationReason;
import io.gatehouse.testkit.Keys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Brokers that saw more and brokers that saw less of the time after a backup: in whatever order they speak, the same comes of it. */
class SeveralWitnessesTest {
    private static final List<BrokerName> BROKERS =
            List.of(BrokerName.of("b1"), BrokerName.of("b2"), BrokerName.of("b3"));

    @TempDir
    Path temp;

    private House before;
    private int houses;

    @BeforeEach
    void start() {
        before = new House(temp.resolve("before.db")).withFleet();
        BROKERS.forEach(before::broker);
    }

    @AfterEach
    void stop() {
        before.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_device_that_renewed_and_was_then_revoked_is_revoked_whoever_speaks_first(boolean whoSawLessFirst) {
        var device = before.gadget("device").enrolled();
        backup();
        device.certificate = House.parse(House.done(device.tryRenew(device.key())));
        var less = replica();
        before.revoke(device);
        var more = replica();

        try (var after = restored()) {
            testify(after, whoSawLessFirst ? List.of(less, more) : List.of(more, less));
            var row = after.registry.read(view -> view.device(device.id())).orElseThrow();
            assertThat(row.shownState()).isEqualTo("revoked");
            assertThat(House.reason(after.judged(device.certificate))).isEqualTo(RefusalReason.REVOKED);
            House.done(after.devices.reinstate(House.ADMIN, device.id()));
            var back = after.reenroll.reenroll(new EnrollmentRequest(
                    Optional.empty(),
                    Optional.empty(),
                    List.of(device.certificate),
                    io.gatehouse.x509.Pkcs10Request.create(device.key(), "device"),
                    House.SOURCE));
            House.done(after.judged(House.parse(House.done(back))));
        }
    }

    /** What was replaced before its device was revoked is told as superseded, not as revoked. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_certificate_that_was_replaced_before_the_revocation_renews_nothing(boolean whoSawLessFirst) {
        var device = before.gadget("device").enrolled();
        backup();
        device.certificate = House.parse(House.done(device.tryRenew(Keys.p256())));
        House.done(before.describe.describe(List.of(device.certificate)));
        var old = device.certificate;
        var less = replica();
        device.certificate = House.parse(House.done(device.tryRenew(Keys.p256())));
        House.done(before.describe.describe(List.of(device.certificate)));
        before.revoke(device);
        var more = replica();

        try (var after = restored()) {
            testify(after, whoSawLessFirst ? List.of(less, more) : List.of(more, less));
            var row = after.registry.read(view -> view.device(device.id())).orElseThrow();
            assertThat(row.shownState()).isEqualTo("revoked");
            var renewed = after.reenroll.reenroll(new EnrollmentRequest(
                    Optional.empty(),
                    Optional.empty(),
                    List.of(old),
                    io.gatehouse.x509.Pkcs10Request.create(Keys.p256(), "device"),
                    House.SOURCE));
            assertThat(House.reason(renewed)).isIn(RefusalReason.REVOKED, RefusalReason.SUPERSEDED);
        }
    }

    @Test
    void a_device_that_had_been_revoked_long_ago_is_not_revoked_by_the_end_of_one_certificate() {
        var device = before.gadget("device").enrolled();
        before.revoke(device);
        device.key(Keys.p256());
        device.enrolled();
        var old = device.sha256();
        backup();
        device.certificate = House.parse(House.done(device.tryRenew(Keys.p256())));
        var less = replica();
        for (var sha256 : List.of(old, device.sha256())) {
            House.done(
                    before.devices.revokeCertificate(House.ADMIN, sha256, RevocationReason.UNSPECIFIED, Duration.ZERO));
        }
        var more = replica();

        for (var order : List.of(List.of(less, more), List.of(more, less))) {
            try (var after = restored()) {
                testify(after, order);
                assertThat(after.registry.read(view -> view.device(device.id())).map(Device::shownState))
                        .contains("active");
            }
        }
    }

    static List<Long> seeds() {
        return new Random(7).longs(12).boxed().toList();
    }

    /** Three replicas of one random history, as far as each of them got. */
    @ParameterizedTest
    @MethodSource("seeds")
    void in_any_order_the_same_comes_of_it(long seed) {
        var random = new Random(seed);
        var devices = new ArrayList<House.Gadget>();
        for (var name : List.of("d1", "d2", "d3")) {
            devices.add(before.gadget(name).enrolled());
        }
        for (int i = 0; i < 4; i++) {
            happens(devices.get(random.nextInt(devices.size())), random);
        }
        backup();
        devices.add(before.gadget("d4").enrolled());
        var replicas = new ArrayList<List<Entry>>();
        for (int i = 0; i < BROKERS.size(); i++) {
            for (int j = random.nextInt(12); j >= 0; j--) {
                happens(devices.get(random.nextInt(devices.size())), random);
            }
            replicas.add(replica());
        }
        var first = new ArrayList<String>();
        for (var order : List.of(List.of(2, 1, 0), List.of(0, 1, 2), List.of(1, 2, 0), List.of(0, 2, 1))) {
            try (var after = restored()) {
                testify(after, order.stream().map(replicas::get).toList());
                var came = standing(after, devices);
                if (first.isEmpty()) {
                    first.addAll(came);
                }
                assertThat(came).as("order " + order).isEqualTo(first);
            }
        }
    }

    private void happens(House.Gadget device, Random random) {
        before.clock.advance(Duration.ofMinutes(1));
        var row = device.row();
        boolean revoked = row.revokedAt().isPresent();
        switch (random.nextInt(9)) {
            case 0, 1, 2 -> renewed(device, random);
            case 3 -> before.describe.describe(List.of(device.certificate));
            case 4 -> before.revoke(device);
            case 5 -> {
                if (revoked && row.state() == DeviceState.ACTIVE) {
                    device.key(Keys.p256());
                    device.enrolled();
                } else {
                    before.devices.revokeCertificate(
                            House.ADMIN, device.sha256(), RevocationReason.UNSPECIFIED, Duration.ZERO);
                }
            }
            case 6 -> before.devices.suspend(House.ADMIN, device.id());
            case 7 -> before.devices.resume(House.ADMIN, device.id());
            default -> renewed(device, random);
        }
    }

    private static void renewed(House.Gadget device, Random random) {
        var renewed = device.tryRenew(random.nextBoolean() ? device.key() : Keys.p256());
        if (renewed instanceof io.gatehouse.enrollment.app.domain.Outcome.Done<Enrolled> done) {
            device.certificate = House.parse(done.value());
        }
    }

    private static List<String> standing(House after, List<House.Gadget> devices) {
        var standing = new ArrayList<String>();
        for (DeviceId id : devices.stream().map(House.Gadget::id).toList()) {
            var row = after.registry.read(view -> view.device(id)).orElseThrow();
            standing.add(id + " " + row.state() + " " + row.shownState() + " " + row.revocations());
            var certificates = new ArrayList<String>();
            after.certificates(id)
                    .forEach(certificate -> certificates.add(id + " "
                            + certificate.sha256().hex().substring(0, 8) + " " + certificate.shownState() + " "
                            + certificate.live()));
            Collections.sort(certificates);
            standing.addAll(certificates);
        }
        return standing;
    }

    private void backup() {
        DatabaseFile.copy(temp.resolve("before.db"), temp.resolve("backup.db"));
    }

    /** What a broker knows that is up to date now. */
    private List<Entry> replica() {
        var entries = new ArrayList<Entry>();
        before.hub.snapshot(BROKERS.get(0), line -> {
            if (House.line(line) instanceof Entry entry) {
                entries.add(entry);
            }
        });
        return entries;
    }

    private House restored() {
        var file = temp.resolve("restored-" + houses++ + ".db");
        DatabaseFile.copy(temp.resolve("backup.db"), file);
        var now = before.clock.instant();
        RestoredDatabase.begin(file, now, now.plus(Duration.ofHours(1)), before.clock);
        var after = new House(file, before.issuer);
        after.clock.advance(Duration.between(after.clock.instant(), now));
        return after;
    }

    private void testify(House after, List<List<Entry>> replicas) {
        Position position = before.registry.read(view -> view.position());
        for (int i = 0; i < replicas.size(); i++) {
            var entries = replicas.get(i);
            after.clock.advance(Duration.ofSeconds(1));
            House.done(after.restorations.accept(
                    BROKERS.get(i), position, new Part(entries, entries.size(), true, Optional.of((long)
                            entries.size()))));
        }
    }
}

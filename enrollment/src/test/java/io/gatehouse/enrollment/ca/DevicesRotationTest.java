package io.gatehouse.enrollment.ca;

import static io.gatehouse.enrollment.ca.ModelHome.CLOCK;
import static io.gatehouse.enrollment.ca.ModelHome.CONFIG;
import static io.gatehouse.enrollment.ca.ModelHome.PASSPHRASE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.enrollment.config.Home;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.Tools;
import io.gatehouse.x509.Keys;
import io.gatehouse.x509.Pem;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DevicesRotationTest {
    /** In the order in which a rotation puts them into their places. */
    private static final List<String> WRITTEN =
            List.of("secrets/devices-2.key", "pki/devices-root.crl", "pki/devices-cas.pem", "pki/devices.pem");

    @TempDir
    private Path directory;

    private Home home;
    private Path rootKeys;

    @BeforeEach
    void copy() throws IOException {
        home = ModelHome.copyTo(directory);
        rootKeys = directory.resolve("returned.pem");
        Files.move(home.secrets().resolve("root-keys.pem"), rootKeys);
    }

    @Test
    void the_new_ca_differs_from_the_old_in_key_and_name_and_number_alone() throws Exception {
        var made = rotate();
        var hierarchies = open();

        var old = hierarchies.certificate(AuthorityName.DEVICES);
        var fresh = hierarchies.certificate(devices(2)).orElseThrow();
        assertThat(made.name()).isEqualTo("devices-2");
        assertThat(fresh).isEqualTo(made.certificate());
        fresh.verify(hierarchies.certificate(AuthorityName.DEVICES_ROOT).getPublicKey());
        assertThat(fresh.getPublicKey()).isNotEqualTo(old.getPublicKey());
        assertThat(fresh.getSubjectX500Principal()).isNotEqualTo(old.getSubjectX500Principal());
        assertThat(fresh.getSubjectX500Principal().getName()).contains("Devices CA 2 ");
        assertThat(fresh.getBasicConstraints()).isZero();
        for (var oid : List.of("2.5.29.30", "2.5.29.37", "2.5.29.15", "2.5.29.31", "1.3.6.1.5.5.7.1.1")) {
            assertThat(fresh.getExtensionValue(oid)).as(oid).isNotNull().isEqualTo(old.getExtensionValue(oid));
        }
    }

    @Test
    void the_old_one_goes_on_issuing_until_it_is_told_otherwise() {
        rotate();
        var hierarchies = open();

        assertThat(hierarchies.devices().name()).isEqualTo(devices(1));
        hierarchies.use(devices(2), List.of(devices(1), devices(2)));
        assertThat(hierarchies.devicesAuthorities())
                .extracting(Authority::name)
                .containsExactly(devices(2), devices(1));
        assertThat(new CertificateIssuer(hierarchies, CONFIG).devicesCa())
                .isEqualTo(hierarchies.certificate(devices(2)).orElseThrow());
    }

    @Test
    void a_certificate_of_the_new_ca_says_where_its_own_crl_and_issuer_are() throws Exception {
        Tools.require("openssl");
        rotate();
        var hierarchies = open();
        hierarchies.use(devices(2), List.of(devices(2)));
        var device = new CertificateIssuer(hierarchies, CONFIG)
                .issueDevice(
                        DeviceId.of("d-1"),
                        Keys.generateP256().getPublic(),
                        ModelHome.NOW,
                        ModelHome.NOW.plus(Duration.ofDays(90)));
        var file = Files.writeString(directory.resolve("d.pem"), Pem.write(device));

        var text = ProcessRun.of("openssl", "x509", "-in", file.toString(), "-noout", "-text")
                .run()
                .ok()
                .out();
        assertThat(text).contains("/pki/crl/devices-2.crl").contains("/pki/ca/devices-2.cer");
        ProcessRun.of(
                        "openssl",
                        "verify",
                        "-x509_strict",
                        "-purpose",
                        "sslclient",
                        "-attime",
                        Long.toString(ModelHome.NOW.plusSeconds(60).getEpochSecond()),
                        "-CAfile",
                        home.devicesPem().toString(),
                        file.toString())
                .run()
                .ok();
    }

    @Test
    void relying_parties_find_root_and_both_cas_in_one_file() throws Exception {
        var made = rotate();

        var trusted = Pem.certificates(Files.readString(home.devicesPem()));
        var hierarchies = open();
        assertThat(trusted)
                .containsExactly(
                        hierarchies.certificate(AuthorityName.DEVICES_ROOT),
                        hierarchies.certificate(AuthorityName.DEVICES),
                        made.certificate());
        hierarchies.publishTrusted(home, List.of(devices(2)));
        assertThat(Pem.certificates(Files.readString(home.devicesPem())))
                .containsExactly(trusted.get(0), made.certificate());
        assertThat(open().devicesCertificates()).hasSize(2);
    }

    @Test
    void the_roots_crl_holds_until_the_new_ca_ends_and_has_the_next_number() {
        var before = open().devicesRootCrl();

        var clock = CLOCK.instant().plus(Duration.ofDays(1000));
        var made = new DevicesRotation(CONFIG, home, () -> clock)
                .rotate(rootKeys, PASSPHRASE.toCharArray(), PASSPHRASE.toCharArray());

        var crl = open().devicesRootCrl();
        assertThat(crl.number()).isEqualTo(before.number().add(BigInteger.ONE));
        assertThat(crl.nextUpdate()).isEqualTo(made.certificate().getNotAfter().toInstant());
        assertThat(crl.nextUpdate()).isAfter(before.nextUpdate());
    }

    @Test
    void no_ca_outlives_its_root() {
        var late = open().certificate(AuthorityName.DEVICES_ROOT)
                .getNotAfter()
                .toInstant()
                .minus(Duration.ofDays(365));

        var made = new DevicesRotation(CONFIG, home, () -> late)
                .rotate(rootKeys, PASSPHRASE.toCharArray(), PASSPHRASE.toCharArray());

        assertThat(made.certificate().getNotAfter())
                .isEqualTo(open().certificate(AuthorityName.DEVICES_ROOT).getNotAfter());
    }

    @Test
    void a_third_follows_the_second() {
        rotate();
        var third = rotate();

        assertThat(third.name()).isEqualTo("devices-3");
        assertThat(open().devicesCertificates()).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    void one_at_a_time() throws Exception {
        try (var channel = FileChannel.open(
                        home.root().resolve(".init.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var lock = channel.lock()) {
            assertThat(lock.isValid()).isTrue();
            assertThatThrownBy(this::rotate).isInstanceOf(HierarchyException.class);
        }
        assertThat(open().devicesCertificates()).hasSize(1);
    }

    /** A file is replaced at one stroke, so these are all the states that a power cut can leave. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void a_power_cut_leaves_the_home_without_the_new_ca_or_with_it(int written) throws IOException {
        var whole = whole();
        for (var name : WRITTEN.subList(0, written)) {
            Files.copy(whole.resolve(name), home.root().resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
        if (written < WRITTEN.size()) {
            Files.writeString(home.root().resolve(WRITTEN.get(written) + ".new"), "half of i");
        }

        var expected = written < 3 ? 1 : 2;
        assertThat(open().devicesCertificates()).hasSize(expected);
        assertThat(rotate().name()).isEqualTo("devices-" + (expected + 1));
        assertThat(open().devicesCertificates()).hasSize(expected + 1);
    }

    @Test
    void the_new_key_is_the_owners_alone_and_the_root_key_stays_where_it_was() throws IOException {
        var before = Files.readString(rootKeys);
        rotate();

        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(home.secrets().resolve("devices-2.key"))))
                .isEqualTo("rw-------");
        assertThat(rootKeys).hasContent(before);
        assertThat(Hierarchies.rootKeysAreHere(home)).isFalse();
    }

    @Test
    void says_what_is_wrong_with_the_root_key_and_changes_nothing() throws Exception {
        var before = HierarchiesTest.contents(home.root());
        assertThatThrownBy(() -> rotation().rotate(rootKeys, "wrong".toCharArray(), PASSPHRASE.toCharArray()))
                .isInstanceOf(HierarchyException.class)
                .hasMessageContaining("--root-unlock-file");
        assertThatThrownBy(() -> rotation().rotate(rootKeys, PASSPHRASE.toCharArray(), "wrong".toCharArray()))
                .isInstanceOf(HierarchyException.class);
        assertThatThrownBy(() -> rotation()
                        .rotate(directory.resolve("nowhere"), PASSPHRASE.toCharArray(), PASSPHRASE.toCharArray()))
                .isInstanceOf(HierarchyException.class)
                .hasMessageContaining("--root-key");
        var anothers = Files.writeString(
                directory.resolve("other.pem"), Files.readString(home.secrets().resolve("services.key")));
        assertThatThrownBy(() -> rotation().rotate(anothers, PASSPHRASE.toCharArray(), PASSPHRASE.toCharArray()))
                .isInstanceOf(HierarchyException.class)
                .hasMessageContaining("not in it");
        var garbage = Files.writeString(directory.resolve("garbage.pem"), "no PEM at all");
        assertThatThrownBy(() -> rotation().rotate(garbage, PASSPHRASE.toCharArray(), PASSPHRASE.toCharArray()))
                .isInstanceOf(HierarchyException.class);

        assertThat(HierarchiesTest.contents(home.root())).isEqualTo(before);
    }

    @Test
    void a_list_that_names_a_ca_without_its_key_is_not_opened() throws IOException {
        rotate();
        Files.delete(home.secrets().resolve("devices-2.key"));

        assertThatThrownBy(this::open)
                .isInstanceOf(HierarchyException.class)
                .hasMessageContaining("devices-2.key")
                .hasMessageContaining("missing");
    }

    private Path whole() throws IOException {
        var place = Files.createDirectory(directory.resolve("whole"));
        var whole = ModelHome.copyTo(place);
        new DevicesRotation(CONFIG, whole, CLOCK).rotate(rootKeys, PASSPHRASE.toCharArray(), PASSPHRASE.toCharArray());
        return whole.root();
    }

    private DevicesRotation.Made rotate() {
        return rotation().rotate(rootKeys, PASSPHRASE.toCharArray(), PASSPHRASE.toCharArray());
    }

    private DevicesRotation rotation() {
        return new DevicesRotation(CONFIG, home, CLOCK);
    }

    private Hierarchies open() {
        return Hierarchies.open(CONFIG, home, PASSPHRASE.toCharArray());
    }

    private static Generation devices(int number) {
        return new Generation(AuthorityName.DEVICES, number);
    }
}

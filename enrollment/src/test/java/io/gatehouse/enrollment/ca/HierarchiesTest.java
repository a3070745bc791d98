package io.gatehouse.enrollment.ca;

import static io.gatehouse.enrollment.ca.ModelHome.CLOCK;
import static io.gatehouse.enrollment.ca.ModelHome.CONFIG;
import static io.gatehouse.enrollment.ca.ModelHome.NOW;
import static io.gatehouse.enrollment.ca.ModelHome.PASSPHRASE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.gatehouse.enrollment.ca.HierarchyException.Problem;
import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.Tools;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.AbstractObjectAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HierarchiesTest {
    @TempDir
    private Path directory;

    private Home home;

    @BeforeEach
    void copy() {
        home = ModelHome.copyTo(directory);
    }

    @Test
    void opens_what_it_made() {
        var hierarchies = open();

        assertThat(hierarchies.certificate(AuthorityName.DEVICES).getIssuerX500Principal())
                .isEqualTo(hierarchies.certificate(AuthorityName.DEVICES_ROOT).getSubjectX500Principal());
        assertThat(hierarchies.certificate(AuthorityName.SERVICES).getIssuerX500Principal())
                .isEqualTo(hierarchies.certificate(AuthorityName.SERVICES_ROOT).getSubjectX500Principal());
    }

    @Test
    void roots_live_twenty_years_and_authorities_five() {
        var hierarchies = open();

        for (var root : List.of(AuthorityName.DEVICES_ROOT, AuthorityName.SERVICES_ROOT)) {
            assertThat(hierarchies.certificate(root).getNotAfter().toInstant()).isEqualTo(in(20));
        }
        for (var authority : List.of(AuthorityName.DEVICES, AuthorityName.SERVICES)) {
            assertThat(hierarchies.certificate(authority).getNotAfter().toInstant())
                    .isEqualTo(in(5));
        }
        assertThat(hierarchies.devicesRootCrl().nextUpdate()).isEqualTo(in(5));
        assertThat(hierarchies.servicesRootCrl().nextUpdate()).isEqualTo(in(5));
    }

    @Test
    void keys_are_the_owners_alone() throws IOException {
        assertThat(mode(home.secrets())).isEqualTo("rwx------");
        for (var name : List.of("devices.key", "services.key", "root-keys.pem")) {
            assertThat(mode(home.secrets().resolve(name))).isEqualTo("rw-------");
            assertThat(home.secrets().resolve(name)).content().startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----");
        }
        assertThat(mode(home.trustPem())).isEqualTo("rw-r--r--");
    }

    @Test
    void publishes_what_others_need_to_trust() throws IOException {
        assertThat(certificatesIn("trust.pem")).isEqualTo(1);
        assertThat(certificatesIn("devices.pem")).isEqualTo(2);
        assertThat(Files.readString(home.trustPem()))
                .isEqualTo(Files.readString(home.pki().resolve("services-root.pem")));
        assertThat(Files.readString(home.devicesPem()))
                .startsWith(Files.readString(home.pki().resolve("devices-root.pem")));
    }

    @Test
    void openssl_opens_the_root_keys_with_the_passphrase() {
        Tools.require("openssl");
        var file = home.secrets().resolve("root-keys.pem").toString();

        var right = ProcessRun.of("openssl", "pkey", "-in", file, "-passin", "pass:" + PASSPHRASE, "-noout")
                .run();
        var wrong = ProcessRun.of("openssl", "pkey", "-in", file, "-passin", "pass:wrong", "-noout")
                .run();

        assertThat(right.exit()).isZero();
        assertThat(wrong.exit()).isNotZero();
    }

    @Test
    void works_on_when_the_root_keys_are_taken_away() throws IOException {
        assertThat(Hierarchies.rootKeysAreHere(home)).isTrue();
        Files.delete(home.secrets().resolve("root-keys.pem"));

        open();
        Hierarchies.create(CONFIG, home, PASSPHRASE.toCharArray(), CLOCK);

        assertThat(Hierarchies.rootKeysAreHere(home)).isFalse();
    }

    @Test
    void a_second_creation_changes_nothing() throws IOException {
        var before = contents(home.root());

        Hierarchies.create(CONFIG, home, PASSPHRASE.toCharArray(), CLOCK);

        assertThat(contents(home.root())).isEqualTo(before);
    }

    @Test
    void refuses_another_passphrase() {
        refuses(Problem.WRONG_PASSPHRASE, () -> Hierarchies.open(CONFIG, home, new char[0]));
        refuses(Problem.WRONG_PASSPHRASE, () -> Hierarchies.open(CONFIG, home, "other".toCharArray()))
                .satisfies(e -> assertThat(e).hasMessageNotContaining("other"));
        refuses(Problem.WRONG_PASSPHRASE, () -> Hierarchies.create(CONFIG, home, "other".toCharArray(), CLOCK));
    }

    @Test
    void refuses_an_empty_passphrase_and_makes_nothing() {
        var empty = new Home(directory.resolve("empty"));

        refuses(Problem.WRONG_PASSPHRASE, () -> Hierarchies.create(CONFIG, empty, new char[0], CLOCK));
        refuses(Problem.NOT_INITIALISED, () -> Hierarchies.open(CONFIG, empty, PASSPHRASE.toCharArray()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pki/trust.pem",
                "pki/devices.pem",
                "pki/services.pem",
                "pki/devices-root.crl",
                "secrets/devices.key",
                "secrets/services.key"
            })
    void names_a_missing_file_and_never_makes_new_authorities_beside_old_ones(String name) throws IOException {
        var file = home.root().resolve(name);
        Files.delete(file);

        refuses(Problem.MISSING_FILE, this::open)
                .satisfies(e -> assertThat(e.file()).isEqualTo(file.toString()));
        refuses(Problem.MISSING_FILE, () -> Hierarchies.create(CONFIG, home, PASSPHRASE.toCharArray(), CLOCK));
        assertThat(file).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"secrets", "secrets/devices.key", "secrets/services.key"})
    void refuses_keys_that_others_can_reach(String name) throws IOException {
        var file = home.root().resolve(name);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-----"));

        refuses(Problem.LOOSE_MODE, this::open)
                .satisfies(e -> assertThat(e.remedy()).startsWith("run: chmod ").endsWith(file.toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pki/devices.pem", "pki/services.pem", "pki/services-root.crl", "secrets/devices.key"})
    void refuses_files_that_are_garbage(String name) throws IOException {
        var file = home.root().resolve(name);
        Files.writeString(file, "garbage");

        refuses(Problem.UNREADABLE, this::open)
                .satisfies(e -> assertThat(e.file()).isEqualTo(file.toString()));
    }

    @Test
    void refuses_another_trust_domain_than_that_of_the_devices_ca() {
        var d = CONFIG;
        var other = new ServiceConfig(
                d.hosts(),
                d.bind(),
                "example.org",
                d.enrollPort(),
                d.adminPort(),
                d.adminBind(),
                d.pkiPort(),
                d.mqttPort(),
                d.wssPort(),
                d.maxStale(),
                d.serviceHeapMegabytes(),
                d.brokerHeapMegabytes(),
                d.checkpoints());

        refuses(Problem.MISMATCH, () -> Hierarchies.open(other, home, PASSPHRASE.toCharArray()))
                .satisfies(e -> assertThat(e).hasMessageContaining("gatehouse.internal"));
    }

    @Test
    void refuses_keys_that_belong_to_another_certificate() throws IOException {
        var secrets = home.secrets();
        Files.move(secrets.resolve("devices.key"), secrets.resolve("kept"));
        Files.copy(secrets.resolve("services.key"), secrets.resolve("devices.key"));
        Files.setPosixFilePermissions(secrets.resolve("devices.key"), PosixFilePermissions.fromString("rw-------"));

        refuses(Problem.MISMATCH, this::open);
    }

    @Test
    void refuses_a_root_crl_of_the_other_root() throws IOException {
        Files.copy(
                home.pki().resolve("services-root.crl"),
                home.pki().resolve("devices-root.crl"),
                StandardCopyOption.REPLACE_EXISTING);

        refuses(Problem.UNREADABLE, this::open);
    }

    @Test
    void refuses_to_create_beside_another_creation() throws IOException {
        var fresh = new Home(directory.resolve("fresh")).create();
        try (var other = FileChannel.open(
                        fresh.root().resolve(".init.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var lock = other.lock()) {
            assertThat(lock.isValid()).isTrue();
            refuses(Problem.BUSY, () -> Hierarchies.create(CONFIG, fresh, PASSPHRASE.toCharArray(), CLOCK));
        }
    }

    private Hierarchies open() {
        return Hierarchies.open(CONFIG, home, PASSPHRASE.toCharArray());
    }

    private static AbstractObjectAssert<?, HierarchyException> refuses(Problem problem, ThrowingCallable action) {
        return assertThatThrownBy(action)
                .asInstanceOf(type(HierarchyException.class))
                .satisfies(e -> assertThat(e.problem()).isEqualTo(problem));
    }

    private static Instant in(int years) {
        return NOW.atOffset(ZoneOffset.UTC).plus(Period.ofYears(years)).toInstant();
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private long certificatesIn(String name) throws IOException {
        return Files.readString(home.pki().resolve(name))
                .lines()
                .filter("-----BEGIN CERTIFICATE-----"::equals)
                .count();
    }

    static Map<String, Integer> contents(Path root) throws IOException {
        var contents = new TreeMap<String, Integer>();
        try (var all = Files.walk(root)) {
            for (var file : all.filter(Files::isRegularFile).toList()) {
                contents.put(root.relativize(file).toString(), Arrays.hashCode(Files.readAllBytes(file)));
            }
        }
        return contents;
    }
}

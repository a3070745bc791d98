package io.gatehouse.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.backup.HomeRestore;
import io.gatehouse.enrollment.ca.Hierarchies;
import io.gatehouse.enrollment.config.ConfigFile;
import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.store.SqliteRegistry;
import io.gatehouse.gateway.supervise.RunFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the verbs that read a home themselves do when the power went while a backup was put into it. */
class InterruptedRestoreTest {
    private static final String PASSPHRASE = "correct horse";

    @TempDir
    Path directory;

    private Home home;

    @BeforeEach
    void make() throws IOException {
        home = new Home(directory.resolve("home"));
        var config = ConfigFile.open(home, Map.of());
        home.create();
        Hierarchies.create(config, home, PASSPHRASE.toCharArray(), InstantSource.system());
        SqliteRegistry.open(home.database(), InstantSource.system()).close();
    }

    @Test
    void a_backup_is_one_of_what_was_restored() throws IOException {
        interrupt();
        Ended ended = backup();

        assertThat(ended.exit()).as(ended.err()).isZero();
        assertThat(HomeRestore.isInterrupted(home)).isFalse();
        assertThat(directory.resolve("backup.age")).isNotEmptyFile();
    }

    @Test
    void a_backup_is_made_beside_a_service_that_runs() {
        try (RunFiles service = RunFiles.lockPart(home, "service").orElseThrow()) {
            Ended ended = backup();

            assertThat(ended.exit()).as(service + ended.err()).isZero();
        }
    }

    @Test
    void a_home_that_is_in_use_is_left_as_it_is() throws IOException {
        interrupt();
        try (RunFiles service = RunFiles.lockPart(home, "service").orElseThrow()) {
            assertThat(backup().err()).as("%s", service).contains("another gatehouse runs in");
            assertThat(rotate().err()).contains("another gatehouse runs in");
        }
        assertThat(HomeRestore.isInterrupted(home)).isTrue();
        assertThat(home.configFile()).doesNotExist();
    }

    @Test
    void the_next_devices_ca_is_made_with_the_keys_that_were_restored() throws IOException {
        interrupt();
        Ended ended = rotate();

        assertThat(ended.exit()).as(ended.err()).isZero();
        assertThat(ended.out()).contains("made devices-2");
        assertThat(HomeRestore.isInterrupted(home)).isFalse();
    }

    private Ended backup() {
        String out = directory.resolve("backup.age").toString();
        return Ended.of(
                Map.of(),
                PASSPHRASE + "\n",
                "backup",
                "--home",
                home.toString(),
                "--out",
                out,
                "--passphrase-file",
                "-");
    }

    private Ended rotate() {
        return Ended.of(Map.of(), PASSPHRASE + "\n", "ca", "rotate", "--home", home.toString(), "--unlock-file", "-");
    }

    /** As a restore leaves it when the power goes after all was unpacked. */
    private void interrupt() throws IOException {
        Path complete = Files.createDirectory(home.root().resolve(".restore-complete"));
        for (String part : List.of("pki", "secrets", "data", "gatehouse.toml")) {
            Files.move(home.root().resolve(part), complete.resolve(part));
        }
    }
}

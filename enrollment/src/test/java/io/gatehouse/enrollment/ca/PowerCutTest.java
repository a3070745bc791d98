package io.gatehouse.enrollment.ca;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.testkit.ProcessRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a power cut can leave of a creation, put there by hand, and what the next start makes of it. */
class PowerCutTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T11:00:00Z"));
    private static final ServiceConfig CONFIG = ServiceConfig.defaults();
    private static final char[] PASSPHRASE = "correct horse".toCharArray();
    private static final int FILES = HierarchyFiles.PUBLIC.size() + HierarchyFiles.KEYS.size() + 1;

    @TempDir
    private static Path model;

    @TempDir
    private Path directory;

    @BeforeAll
    static void make() {
        Hierarchies.create(CONFIG, new Home(model.resolve("home")), PASSPHRASE, CLOCK);
    }

    @Test
    void what_was_not_declared_complete_is_made_anew() throws IOException {
        var home = new Home(directory.resolve("new")).create();
        var aside = Files.createDirectory(home.root().resolve(".init"));
        Files.writeString(aside.resolve("devices.key"), "half a ke");

        Hierarchies.create(CONFIG, home, PASSPHRASE, CLOCK);

        assertThat(aside).doesNotExist();
        Hierarchies.open(CONFIG, home, PASSPHRASE);
    }

    static Stream<Integer> after_every_single_move() {
        return Stream.iterate(0, moved -> moved <= FILES, moved -> moved + 1);
    }

    @ParameterizedTest
    @MethodSource
    void after_every_single_move(int moved) throws IOException {
        var home = cutAfter(moved);
        var files = new HierarchyFiles(home);

        new HierarchyWriter(files).finish();

        assertThat(HierarchiesTest.contents(home.root())).isEqualTo(HierarchiesTest.contents(model.resolve("home")));
        assertThat(files.complete()).doesNotExist();
    }

    @Test
    void the_service_puts_into_place_what_init_could_not() throws IOException {
        var home = cutAfter(3);

        Hierarchies.open(CONFIG, home, PASSPHRASE);

        assertThat(HierarchiesTest.contents(home.root())).isEqualTo(HierarchiesTest.contents(model.resolve("home")));
    }

    /** A home in which that many files had been moved to their places when the power went. */
    private Home cutAfter(int moved) throws IOException {
        ProcessRun.of("cp", "-a", model.resolve("home").toString(), directory.toString())
                .run()
                .ok();
        var home = new Home(directory.resolve("home"));
        var complete = Files.createDirectory(home.root().resolve(".init-complete"));
        var all = Stream.concat(
                        HierarchyFiles.PUBLIC.stream().map(home.pki()::resolve),
                        Stream.concat(HierarchyFiles.KEYS.stream(), Stream.of(HierarchyFiles.ROOT_KEYS))
                                .map(home.secrets()::resolve))
                .toList();
        for (var file : all.subList(moved, all.size())) {
            Files.move(file, complete.resolve(file.getFileName()));
        }
        return home;
    }
}

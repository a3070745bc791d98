package io.gatehouse.enrollment.ca;

import static io.gatehouse.enrollment.ca.ModelHome.CLOCK;
import static io.gatehouse.enrollment.ca.ModelHome.CONFIG;
import static io.gatehouse.enrollment.ca.ModelHome.PASSPHRASE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.enrollment.config.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a power cut can leave of a creation, put there by hand, and what the next start makes of it. */
class PowerCutTest {
    private static final int FILES = HierarchyFiles.PUBLIC.size() + HierarchyFiles.KEYS.size() + 1;

    @TempDir
    private Path directory;

    @Test
    void what_was_not_declared_complete_is_made_anew() throws IOException {
        var home = new Home(directory.resolve("new")).create();
        var aside = Files.createDirectory(home.root().resolve(".init"));
        Files.writeString(aside.resolve("devices.key"), "half a ke");

        Hierarchies.create(CONFIG, home, PASSPHRASE.toCharArray(), CLOCK);

        assertThat(aside).doesNotExist();
        Hierarchies.open(CONFIG, home, PASSPHRASE.toCharArray());
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

        assertThat(HierarchiesTest.contents(home.root())).isEqualTo(HierarchiesTest.contents(ModelHome.path()));
        assertThat(files.complete()).doesNotExist();
    }

    @Test
    void a_backup_that_was_put_into_place_meanwhile_is_not_overwritten() throws IOException {
        var home = cutAfter(3);
        var restored = home.secrets().resolve("devices.key");
        Files.writeString(restored, "from the backup");

        assertThatThrownBy(() -> Hierarchies.create(CONFIG, home, PASSPHRASE.toCharArray(), CLOCK))
                .isInstanceOf(HierarchyException.class)
                .hasMessageContaining(".init-complete");
        assertThat(restored).hasContent("from the backup");
    }

    @Test
    void the_service_puts_into_place_what_init_could_not() throws IOException {
        var home = cutAfter(3);

        Hierarchies.open(CONFIG, home, PASSPHRASE.toCharArray());

        assertThat(HierarchiesTest.contents(home.root())).isEqualTo(HierarchiesTest.contents(ModelHome.path()));
    }

    /** A home in which that many files had been moved to their places when the power went. */
    private Home cutAfter(int moved) throws IOException {
        var home = ModelHome.copyTo(directory);
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

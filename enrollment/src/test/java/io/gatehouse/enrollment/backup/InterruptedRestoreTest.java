package io.gatehouse.enrollment.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.config.Flushes;
import io.gatehouse.enrollment.config.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InterruptedRestoreTest {
    @TempDir
    Path directory;

    @Test
    void what_was_there_before_is_on_the_disk_in_its_new_place_before_it_is_forgotten_in_the_old() throws IOException {
        var home = new Home(directory.resolve("home")).create();
        Files.writeString(home.trustPem(), "former");
        var complete = Files.createDirectory(home.root().resolve(".restore-complete"));
        Files.writeString(complete.resolve("former"), "before-restore-1\n");
        Files.writeString(Files.createDirectory(complete.resolve("pki")).resolve("trust.pem"), "restored");
        var flushed = Flushes.below(directory, () -> HomeRestore.finish(home));
        var aside = home.root().resolve("before-restore-1");

        assertThat(home.trustPem()).hasContent("restored");
        assertThat(aside.resolve("pki/trust.pem")).hasContent("former");
        assertThat(flushed).startsWith(aside, home.root());
    }
}

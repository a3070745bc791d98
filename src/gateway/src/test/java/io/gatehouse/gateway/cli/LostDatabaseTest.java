package io.gatehouse.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.config.ConfigFile;
import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.config.Settings;
import io.gatehouse.enrollment.wiring.NewHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LostDatabaseTest {
    @TempDir
    Path directory;

    @Test
    void a_service_whose_database_is_gone_is_a_mistake_that_one_line_tells_how_to_mend() throws IOException {
        Home home = new Home(directory.resolve("home"));
        var config = ConfigFile.open(
                home, Map.of(Settings.ENROLL_PORT, "0", Settings.ADMIN_PORT, "0", Settings.PKI_PORT, "0"));
        NewHome.make(config, home, "correct horse".toCharArray(), InstantSource.system());
        Files.delete(home.database());
        Ended ended = Ended.of(Map.of(), "correct horse\n", "service", "--home", home.toString(), "--unlock-file", "-");

        assertThat(ended.exit()).as(ended.err()).isEqualTo(2);
        assertThat(ended.err().strip())
                .hasLineCount(1)
                .contains(home.database().toString())
                .contains("gatehouse restore --replace --home " + home);
        assertThat(home.database()).doesNotExist();
    }
}

package io.gatehouse.enrollment.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.enrollment.app.port.RegistryUnavailable;
import io.gatehouse.enrollment.app.port.View;
import io.gatehouse.enrollment.config.ConfigException;
import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.enrollment.store.DatabaseFile;
import io.gatehouse.enrollment.store.SqliteRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A home that has its keys and not its database: a new one would have forgotten every revocation. */
class LostDatabaseTest {
    private static final InstantSource CLOCK = InstantSource.system();
    private static final ServiceConfig CONFIG = ServiceConfig.defaults();

    @TempDir
    private Path directory;

    private Home home;

    @BeforeEach
    void name_a_home() {
        home = new Home(directory.resolve("home"));
    }

    @Test
    void the_service_does_not_start_and_says_what_to_do() throws IOException {
        make();
        Files.delete(home.database());

        assertThatThrownBy(this::start)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(home.database().toString())
                .hasMessageContaining("gatehouse restore --replace --home " + home);
        assertThat(home.database()).doesNotExist();
    }

    @Test
    void an_empty_file_is_no_database() throws IOException {
        make();
        Files.write(home.database(), new byte[0]);

        assertThatThrownBy(this::start).isInstanceOf(ConfigException.class);
        assertThatThrownBy(this::make).isInstanceOf(ConfigException.class);
        assertThat(home.database()).isEmptyFile();
    }

    @Test
    void a_database_of_nobody_is_not_made_one_of_this_home() throws IOException, SQLException {
        make();
        Files.delete(home.database());
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + home.database());
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (a)");
            statement.execute("DROP TABLE t");
        }

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(this::start)
                    .isInstanceOf(RegistryUnavailable.class)
                    .hasMessageContaining("not the database of a home");
        }
    }

    @Test
    void init_does_not_make_one_beside_the_keys() throws IOException {
        make();
        Files.delete(home.database());

        assertThatThrownBy(this::make).isInstanceOf(ConfigException.class);
        assertThat(home.database()).doesNotExist();
    }

    @Test
    void init_does_not_make_one_beside_what_is_left_of_the_keys() throws IOException {
        make();
        Files.delete(home.database());
        Files.delete(home.trustPem());

        assertThatThrownBy(this::make).isInstanceOf(ConfigException.class);
        assertThat(home.database()).doesNotExist();
    }

    @Test
    void an_init_that_ended_after_the_database_is_finished_by_the_next_with_the_same() {
        SqliteRegistry.open(home.create().database(), CLOCK).close();
        var epoch = epoch();
        make();

        assertThat(epoch()).isEqualTo(epoch);
        make();
        assertThat(epoch()).isEqualTo(epoch);
    }

    @Test
    void an_init_that_ended_before_the_keys_were_in_place_is_finished_with_the_same_database() throws IOException {
        make();
        var epoch = epoch();
        var complete = Files.createDirectory(home.root().resolve(".init-complete"));
        for (var each : new Path[] {home.pki(), home.secrets()}) {
            try (var files = Files.list(each)) {
                for (var file : files.toList()) {
                    Files.move(file, complete.resolve(file.getFileName()));
                }
            }
        }
        make();

        assertThat(home.trustPem()).exists();
        assertThat(epoch()).isEqualTo(epoch);
    }

    private void make() {
        NewHome.make(CONFIG, home, "test passphrase".toCharArray(), CLOCK);
    }

    private void start() {
        EnrollmentService.start(CONFIG, home, "test passphrase".toCharArray(), CLOCK)
                .close();
    }

    private String epoch() {
        return DatabaseFile.read(home.database(), View::position).epoch();
    }
}

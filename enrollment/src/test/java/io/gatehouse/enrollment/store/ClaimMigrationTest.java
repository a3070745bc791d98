package io.gatehouse.enrollment.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.app.domain.ClaimUse;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Instant;
import java.time.InstantSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database of the first version keeps its claims: what was open is open, what was used is bound to its key. */
class ClaimMigrationTest {
    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
    private static final DeviceId PUMP = DeviceId.of("Pump-1");

    @TempDir
    Path temp;

    @Test
    void claims_of_the_first_version_are_kept() throws Exception {
        var file = temp.resolve("gatehouse.db");
        var url = "jdbc:sqlite:" + file;
        Flyway.configure()
                .dataSource(url, null, null)
                .locations("classpath:io/gatehouse/enrollment/store/migration")
                .target("1")
                .load()
                .migrate();
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            statement.execute("INSERT INTO fleet VALUES (1, 'f', 'device', 'active', 1000, 1, '{\"rules\":[]}', 1, 0)");
            statement.execute("INSERT INTO claim VALUES (7, 'open', 1, 'Pump-1', 'pump-1', zeroblob(32), 0, 1, "
                    + NOW.toEpochMilli() + ", NULL, NULL, NULL)");
            statement.execute("INSERT INTO claim VALUES (8, 'used', 1, 'Pump-1', 'pump-1', x'"
                    + Fingerprint.sha256(new byte[] {1}).hex() + "', 0, 1, 2, NULL, zeroblob(32), x'"
                    + Fingerprint.sha256(new byte[] {2}).hex() + "')");
        }
        try (var registry = SqliteRegistry.open(file, InstantSource.fixed(NOW))) {
            registry.read(view -> {
                var open = view.claim("open").orElseThrow();
                assertThat(open.device()).contains(PUMP);
                assertThat(open.state(NOW)).isEqualTo("open");
                assertThat(open.uses()).isEqualTo(1);
                assertThat(view.claimUse("open", PUMP)).isEmpty();

                var used = view.claim("used").orElseThrow();
                assertThat(used.state(NOW)).isEqualTo("spent");
                assertThat(used.certificate()).contains(Fingerprint.sha256(new byte[] {2}));
                var use = view.claimUse("used", PUMP).orElseThrow();
                assertThat(use.state()).isEqualTo(ClaimUse.State.ISSUED);
                assertThat(use.key()).isEqualTo(new Fingerprint("0".repeat(64)));
                return true;
            });
        }
    }
}

package io.gatehouse.enrollment.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.app.House;
import io.gatehouse.enrollment.app.port.View.Position;
import io.gatehouse.identity.BrokerName;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Before it went by a cursor, what a snapshot left out was known to nobody: each broker takes a new one, once. */
class EndedMigrationTest {
    private static final BrokerName B1 = BrokerName.of("b1");
    private static final String LONG_ENDED = "aa".repeat(32);
    private static final String LIVE = "bb".repeat(32);

    @TempDir
    Path temp;

    @Test
    void a_broker_of_before_takes_a_snapshot_and_goes_on_from_there() throws Exception {
        var file = temp.resolve("gatehouse.db");
        var url = "jdbc:sqlite:" + file;
        Flyway.configure()
                .dataSource(url, null, null)
                .locations("classpath:io/gatehouse/enrollment/store/migration")
                .target("7")
                .load()
                .migrate();
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            statement.execute("INSERT INTO home (id, name, epoch, revision) VALUES (1, 'h', 'e', 7)");
            statement.execute("INSERT INTO change VALUES (7, x'7b7d0a')");
            statement.execute("INSERT INTO broker VALUES (1, 'b1', 0, NULL, 7)");
            statement.execute(
                    "INSERT INTO fleet (id, name, kind, state, lifetime, sessions_max, policy, version, created_at)"
                            + " VALUES (1, 'f', 'device', 'active', 1, 1, '{\"rules\":[]}', 1, 0)");
            statement.execute("INSERT INTO device (id, name, folded, fleet_id, state, shown, attributes, revocations,"
                    + " created_at, updated_at) VALUES (1, 'd', 'd', 1, 'active', 'active', '{}', 0, 0, 0)");
            statement.execute(certificate(LONG_ENDED, "-10 days"));
            statement.execute(certificate(LIVE, "+10 days"));
        }
        try (var house = new House(file)) {
            List<String> told = new ArrayList<>();
            house.hub.snapshot(B1, line -> told.add(new String(line, StandardCharsets.UTF_8)));
            assertThat(told)
                    .as("what ended long ago is not sent to every broker once more")
                    .noneMatch(line -> line.contains(LONG_ENDED))
                    .anyMatch(line -> line.contains(LIVE));
            assertThat(house.hub.open(B1, at(7))).isEmpty();
            assertThat(house.hub.position()).isEqualTo(at(8).orElseThrow());
            house.withFleet();
            assertThat(house.hub.open(B1, at(7))).isEmpty();
            try (var stream = house.hub.open(B1, at(8)).orElseThrow()) {
                assertThat(stream.isOpen()).isTrue();
            }
        }
    }

    private static String certificate(String sha256, String end) {
        return "INSERT INTO certificate (sha256, device_id, issuer, serial, state, not_before, not_after, issued_at, key_sha256,"
                + " key_barred, proof, retired) VALUES (x'" + sha256 + "', 1, 'CN=ca', x'" + sha256.substring(0, 16)
                + "', 'valid', 0, 1000 * CAST(strftime('%s', 'now', '" + end + "') AS INTEGER), 0, x'" + sha256
                + "', 0, 'none', 0)";
    }

    private static Optional<Position> at(long revision) {
        return Optional.of(new Position("e", revision));
    }
}

package io.gatehouse.enrollment.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.app.House;
import io.gatehouse.enrollment.app.port.View.Position;
import io.gatehouse.identity.BrokerName;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Before it went by a cursor, what a snapshot left out was known to nobody: each broker takes a new one, once. */
class EndedMigrationTest {
    private static final BrokerName B1 = BrokerName.of("b1");

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
        }
        try (var house = new House(file)) {
            assertThat(house.hub.open(B1, at(7))).isEmpty();
            assertThat(house.hub.position()).isEqualTo(at(8).orElseThrow());
            house.withFleet();
            assertThat(house.hub.open(B1, at(7))).isEmpty();
            try (var stream = house.hub.open(B1, at(8)).orElseThrow()) {
                assertThat(stream.isOpen()).isTrue();
            }
        }
    }

    private static Optional<Position> at(long revision) {
        return Optional.of(new Position("e", revision));
    }
}

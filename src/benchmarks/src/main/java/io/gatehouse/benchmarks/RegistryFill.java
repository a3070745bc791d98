package io.gatehouse.benchmarks;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Fills the registry of a service that does not run: rows like those of one device that was enrolled and renewed through the service,
 * so that whatever columns there are hold what the service writes. Ids, fingerprints, serial numbers and keys differ; the encoding of
 * the certificate is that of the model, as long as a real one. Rows go in in the order of their unique columns and the other indexes
 * are made afterwards, which takes seconds instead of an hour and gives the same tables.
 */
final class RegistryFill {
    private static final List<String> TABLES = List.of("device", "certificate", "certificate_der");

    private final Statement sql;
    private final String model;
    private final int devices;
    private final int each;

    private RegistryFill(Statement sql, String model, int devices, int each) {
        this.sql = sql;
        this.model = model;
        this.devices = devices;
        this.each = each;
    }

    /** Adds so many devices {@code m-0000000} and on, with two certificates each, like that one, which has two. */
    static void fill(Path database, String model, int devices) {
        fill(database, model, devices, 2);
    }

    /** The same with one certificate each, the model's older one. */
    static void fillHalf(Path database, String model, int devices) {
        fill(database, model, devices, 1);
    }

    private static void fill(Path database, String model, int devices, int each) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement sql = connection.createStatement()) {
            sql.execute("PRAGMA journal_mode = MEMORY");
            sql.execute("PRAGMA synchronous = OFF");
            sql.execute("PRAGMA cache_size = -400000");
            connection.setAutoCommit(false);
            new RegistryFill(sql, model, devices, each).fill();
            connection.commit();
        } catch (SQLException broken) {
            throw new BenchFailed("cannot fill the registry: " + broken.getMessage(), broken);
        }
    }

    private void fill() throws SQLException {
        List<String> indexes = indexes();
        for (String table : TABLES) {
            for (String name : strings("SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
                    + " AND tbl_name = '" + table + "'")) {
                sql.execute("DROP INDEX " + name);
            }
        }
        long device = number("SELECT max(id) FROM device") + 1;
        long certificate = number("SELECT max(id) FROM certificate") + 1;
        devices(device);
        certificates(device, certificate);
        encodings(certificate);
        for (String index : indexes) {
            sql.execute(index);
        }
        sql.execute("ANALYZE");
    }

    private void devices(long first) throws SQLException {
        Map<String, String> columns = columns("device");
        columns.put("id", first + " + n");
        columns.put("name", "printf('m-%07d', n)");
        columns.put("folded", "printf('m-%07d', n)");
        insert("device", columns, devices, "device t", "t.folded = '" + model + "'");
    }

    /** The older of the model's certificates for the first half, the newer for the second; each device has one of each. */
    private void certificates(long firstDevice, long first) throws SQLException {
        String ids =
                "SELECT id FROM certificate WHERE device_id = (SELECT id FROM device WHERE folded = '" + model + "')";
        if (strings(ids).size() != 2) {
            throw new BenchFailed("the model must have two certificates");
        }
        long step = (1L << 47) / ((long) each * devices);
        Map<String, String> columns = columns("certificate");
        columns.put("id", first + " + n");
        columns.put("device_id", firstDevice + " + n % " + devices);
        columns.put("sha256", "unhex(printf('%012x', n * " + step + ")) || randomblob(26)");
        columns.put("serial", "unhex('4a') || randomblob(15)");
        columns.put("key_sha256", "randomblob(32)");
        String which = "(CASE WHEN n < " + devices + " THEN (SELECT min(id) FROM certificate WHERE id IN (" + ids
                + ")) ELSE (SELECT max(id) FROM certificate WHERE id IN (" + ids + ")) END)";
        insert("certificate", columns, each * devices, "certificate t", "t.id = " + which);
    }

    private void encodings(long first) throws SQLException {
        Map<String, String> columns = columns("certificate_der");
        columns.put("id", first + " + n");
        String newest = "(SELECT max(c.id) FROM certificate c JOIN device d ON d.id = c.device_id WHERE d.folded = '"
                + model + "')";
        insert("certificate_der", columns, each * devices, "certificate_der t", "t.id = " + newest);
    }

    private void insert(String table, Map<String, String> columns, int count, String model, String where)
            throws SQLException {
        sql.execute("WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < " + count
                + ") INSERT INTO " + table + " (" + String.join(", ", columns.keySet()) + ") SELECT "
                + String.join(", ", columns.values()) + " FROM numbers CROSS JOIN " + model + " WHERE " + where);
    }

    /** The statements that make the indexes which are not part of a table. */
    private List<String> indexes() throws SQLException {
        List<String> all = new ArrayList<>();
        for (String table : TABLES) {
            all.addAll(strings("SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = '"
                    + table + "'"));
        }
        return all;
    }

    /** Each column as what the model has in it. */
    private Map<String, String> columns(String table) throws SQLException {
        Map<String, String> columns = new LinkedHashMap<>();
        for (String name : strings("SELECT name FROM pragma_table_info('" + table + "') ORDER BY cid")) {
            columns.put(name, "t." + name);
        }
        return columns;
    }

    private long number(String query) throws SQLException {
        try (ResultSet row = sql.executeQuery(query)) {
            return row.getLong(1);
        }
    }

    private List<String> strings(String query) throws SQLException {
        List<String> found = new ArrayList<>();
        try (ResultSet rows = sql.executeQuery(query)) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return found;
    }
}

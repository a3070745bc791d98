package io.gatehouse.enrollment.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * One connection, asked in SQL with positional arguments. It keeps each prepared statement for the next use, because preparing costs
 * more than running. A failure is a {@link Failed}. For one thread.
 */
final class Sql implements AutoCloseable {
    private static final int MOST_KEPT = 300;

    /** What a kept statement may go on holding of each argument until its next use, in bytes or characters. */
    private static final int LARGEST_HELD = 4096;

    private final Connection connection;
    // A statement is taken out while it is used, so that a row's reader may ask the same again.
    private final Map<String, PreparedStatement> free = new HashMap<>();

    private Sql(Connection connection) {
        this.connection = connection;
    }

    /** A new connection; the caller closes it. */
    static Sql open(DataSource source) {
        try {
            return new Sql(source.getConnection());
        } catch (SQLException e) {
            throw new Failed(e);
        }
    }

    /** Reads one row. */
    interface Row<T> {
        T of(ResultSet row) throws SQLException;
    }

    /** What the database refused, with the driver's exception as its cause. */
    static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Failed(SQLException cause) {
            super(cause);
        }
    }

    /** Runs a statement; how many rows it changed. */
    int execute(String sql, @Nullable Object... arguments) {
        return use(sql, arguments, statement -> {
            if (statement.execute()) {
                statement.getResultSet().close();
                return 0;
            }
            return statement.getUpdateCount();
        });
    }

    /** Hands every row to the sink, one after another. */
    <T> void query(Row<T> mapper, Consumer<? super T> sink, String sql, @Nullable Object... arguments) {
        use(sql, arguments, statement -> {
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    sink.accept(mapper.of(rows));
                }
            }
            return 0;
        });
    }

    /** The texts of the statements that are kept. */
    Set<String> asked() {
        return Set.copyOf(free.keySet());
    }

    @Override
    public void close() {
        try {
            for (var statement : free.values()) {
                statement.close();
            }
            free.clear();
            connection.close();
        } catch (SQLException e) {
            throw new Failed(e);
        }
    }

    private interface Use {
        int of(PreparedStatement statement) throws SQLException;
    }

    /** A statement that failed is not used again. */
    private int use(String sql, @Nullable Object[] arguments, Use use) {
        try {
            var kept = free.remove(sql);
            var statement = kept != null ? kept : connection.prepareStatement(sql);
            boolean sound = false;
            try {
                bind(statement, arguments);
                int result = use.of(statement);
                if (anyLarge(arguments)) {
                    statement.clearParameters();
                }
                sound = free.size() < MOST_KEPT && free.putIfAbsent(sql, statement) == null;
                return result;
            } finally {
                if (!sound) {
                    statement.close();
                }
            }
        } catch (SQLException e) {
            throw new Failed(e);
        }
    }

    /** Clearing what was bound makes SQLite prepare most statements anew, which costs several times what running them does. */
    private static boolean anyLarge(@Nullable Object[] arguments) {
        for (var argument : arguments) {
            int length = argument instanceof byte[] bytes
                    ? bytes.length
                    : argument instanceof String text ? text.length() : 0;
            if (length > LARGEST_HELD) {
                return true;
            }
        }
        return false;
    }

    private static void bind(PreparedStatement statement, @Nullable Object[] arguments) throws SQLException {
        // One that is missing would be that of the last use.
        if (arguments.length != statement.getParameterMetaData().getParameterCount()) {
            throw new IllegalArgumentException("each parameter of a statement needs its argument");
        }
        for (int i = 0; i < arguments.length; i++) {
            var argument = arguments[i];
            if (argument instanceof Boolean flag) {
                statement.setInt(i + 1, flag ? 1 : 0);
            } else if (argument == null
                    || argument instanceof String
                    || argument instanceof Long
                    || argument instanceof Integer
                    || argument instanceof byte[]) {
                statement.setObject(i + 1, argument);
            } else {
                throw new IllegalArgumentException("no column holds a " + argument.getClass());
            }
        }
    }
}

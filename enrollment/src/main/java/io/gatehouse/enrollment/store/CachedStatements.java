package io.gatehouse.enrollment.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.statement.DefaultStatementBuilder;
import org.jdbi.v3.core.statement.StatementContext;

/** Keeps each prepared statement of one connection for the next use: preparing costs more than running it. For one thread. */
final class CachedStatements extends DefaultStatementBuilder {
    private static final int MOST = 200;

    private final Map<String, PreparedStatement> free = new HashMap<>();

    @Override
    public PreparedStatement create(Connection connection, String sql, StatementContext ctx) throws SQLException {
        var cached = free.remove(sql);
        return cached != null ? cached : super.create(connection, sql, ctx);
    }

    @Override
    public void close(Connection connection, String sql, Statement statement) throws SQLException {
        if (statement instanceof PreparedStatement prepared && free.size() < MOST) {
            prepared.clearParameters();
            if (free.putIfAbsent(sql, prepared) == null) {
                return;
            }
        }
        super.close(connection, sql, statement);
    }

    @Override
    public void close(Connection connection) {
        for (var statement : free.values()) {
            try {
                statement.close();
            } catch (SQLException e) {
                // the connection goes away anyway
                break;
            }
        }
        free.clear();
    }
}

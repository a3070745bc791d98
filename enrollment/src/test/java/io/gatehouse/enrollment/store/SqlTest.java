package io.gatehouse.enrollment.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sqlite.SQLiteDataSource;

class SqlTest {
    private static final String JOINED = "SELECT coalesce(?, 'none') || ' ' || coalesce(?, 'none')";

    private final Sql sql = Sql.open(inMemory());

    @AfterEach
    void close() {
        sql.close();
    }

    @Test
    void a_kept_statement_takes_each_argument_anew() {
        assertThat(ask("a", "b")).containsExactly("a b");
        assertThat(ask(null, "c")).containsExactly("none c");
        assertThat(sql.asked()).containsExactly(JOINED);
    }

    @Test
    void a_large_argument_is_bound_like_any_other() {
        var large = "x".repeat(100_000);

        assertThat(ask(large, "b")).containsExactly(large + " b");
        assertThat(ask("a", "b")).containsExactly("a b");
    }

    @Test
    void an_argument_that_is_missing_is_not_that_of_the_use_before() {
        ask("a", "b");

        assertThatThrownBy(() -> ask("c")).isInstanceOf(IllegalArgumentException.class);
        assertThat(ask("d", "e")).containsExactly("d e");
    }

    private List<String> ask(@Nullable Object... arguments) {
        var found = new ArrayList<String>();
        sql.query(row -> row.getString(1), found::add, JOINED, arguments);
        return found;
    }

    private static SQLiteDataSource inMemory() {
        var source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite::memory:");
        return source;
    }
}

package io.gatehouse.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Rows of JSON members as aligned columns for a person. A column is a member's name, or a path {@code a/b}. */
final class Table {
    private static final int LONGEST_CELL = 80;

    private final List<String> columns;
    private final List<String[]> rows = new ArrayList<>();

    Table(String... columns) {
        this.columns = List.of(columns);
    }

    Table add(JsonNode item) {
        rows.add(columns.stream().map(column -> cell(item.at("/" + column))).toArray(String[]::new));
        return this;
    }

    Table addAll(JsonNode items) {
        items.forEach(this::add);
        return this;
    }

    void print(PrintStream out) {
        String[] head = columns.stream()
                .map(column -> column.substring(column.lastIndexOf('/') + 1).toUpperCase(Locale.ROOT))
                .toArray(String[]::new);
        int[] widths = Arrays.stream(head).mapToInt(String::length).toArray();
        for (String[] row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        out.println(line(head, widths));
        rows.forEach(row -> out.println(line(row, widths)));
    }

    private static String line(String[] cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.length; i++) {
            line.append(cells[i]).append(" ".repeat(widths[i] - cells[i].length() + 2));
        }
        return line.toString().stripTrailing();
    }

    /** A value in one line; what a terminal would take as a command is shown as a question mark. */
    static String cell(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return "-";
        }
        String text = value.isValueNode() ? value.asText() : value.toString();
        String plain = text.codePoints()
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return plain.length() > LONGEST_CELL ? plain.substring(0, LONGEST_CELL - 1) + "…" : plain;
    }
}

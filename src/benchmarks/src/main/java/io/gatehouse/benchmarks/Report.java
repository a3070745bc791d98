package io.gatehouse.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a benchmark prints: where it ran, and one row a case. Every figure has its unit in its name. Not thread-safe. */
final class Report {
    private final Map<String, Object> head = new LinkedHashMap<>();
    private final List<Map<String, Object>> rows = new ArrayList<>();

    Report(String bench, String provider) {
        head.put("bench", bench);
        head.put("jdk", System.getProperty("java.version", "unknown"));
        head.put("provider", provider);
        head.put("cores", Runtime.getRuntime().availableProcessors());
        head.put("load", rounded(ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
    }

    /** A new row; its figures are added to what comes back. */
    Row row(String name) {
        Row row = new Row();
        row.figures.put("case", name);
        rows.add(row.figures);
        return row;
    }

    String json() {
        Map<String, Object> all = new LinkedHashMap<>(head);
        all.put("rows", rows);
        try {
            return new ObjectMapper().writeValueAsString(all);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    String table() {
        StringBuilder text = new StringBuilder();
        head.forEach(
                (name, value) -> text.append(name).append(' ').append(value).append("  "));
        for (Map<String, Object> row : rows) {
            text.append('\n');
            row.forEach((name, value) ->
                    text.append(name.equals("case") ? "" : "  " + name + " ").append(value));
        }
        return text.toString();
    }

    /** Two decimals, four below 1: a CRL takes milliseconds and is told in seconds. */
    private static double rounded(double value) {
        double parts = Math.abs(value) < 1 ? 10_000 : 100;
        return Math.round(value * parts) / parts;
    }

    /** The figures of one case. */
    static final class Row {
        private final Map<String, Object> figures = new LinkedHashMap<>();

        Row count(String name, long value) {
            figures.put(name, value);
            return this;
        }

        Row figure(String name, double value) {
            figures.put(name, rounded(value));
            return this;
        }
    }
}

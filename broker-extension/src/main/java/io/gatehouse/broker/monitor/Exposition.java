package io.gatehouse.broker.monitor;

import java.math.BigDecimal;

/** Writes Prometheus' text format 0.0.4: each metric with its help and type, then its samples. One thread. */
final class Exposition {
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final StringBuilder text = new StringBuilder();

    void counter(String name, String help) {
        head(name, help, "counter");
    }

    void gauge(String name, String help) {
        head(name, help, "gauge");
    }

    void histogram(String name, String help) {
        head(name, help, "histogram");
    }

    /** A gauge without labels. */
    void gauge(String name, String help, double value) {
        gauge(name, help);
        sample(name, value);
    }

    /** A counter without labels. */
    void counter(String name, String help, long value) {
        counter(name, help);
        sample(name, value);
    }

    void sample(String name, long value) {
        text.append(name).append(' ').append(value).append('\n');
    }

    void sample(String name, double value) {
        text.append(name).append(' ').append(number(value)).append('\n');
    }

    void sample(String name, String label, String labelValue, double value) {
        labelled(name, label, labelValue, number(value));
    }

    void sample(String name, String label, String labelValue, long value) {
        labelled(name, label, labelValue, Long.toString(value));
    }

    private void labelled(String name, String label, String labelValue, String value) {
        text.append(name).append('{').append(label).append("=\"");
        text.append(escaped(labelValue)).append("\"} ").append(value).append('\n');
    }

    static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
    }

    private void head(String name, String help, String type) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}

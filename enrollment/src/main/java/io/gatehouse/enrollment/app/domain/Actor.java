package io.gatehouse.enrollment.app.domain;

/** Who did something, as the audit names it: {@code admin-token}, {@code device:d-1}, {@code broker:b1}, {@code system}. */
public record Actor(String name) {
    /** The service itself, without anybody asking. */
    public static final Actor SYSTEM = new Actor("system");

    public static Actor device(Object id) {
        return new Actor("device:" + id);
    }

    /** Who has a claim's secret and nothing else yet. */
    public static Actor claim(String id) {
        return new Actor("claim:" + id);
    }

    public static Actor broker(Object name) {
        return new Actor("broker:" + name);
    }

    @Override
    public String toString() {
        return name;
    }
}

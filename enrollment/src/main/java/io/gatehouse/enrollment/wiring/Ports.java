package io.gatehouse.enrollment.wiring;

/** The ports that the service listens on. */
public record Ports(int enroll, int admin, int pki) {}

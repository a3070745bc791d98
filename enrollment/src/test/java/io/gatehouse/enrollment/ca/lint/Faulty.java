package io.gatehouse.enrollment.ca.lint;

import io.gatehouse.enrollment.ca.profile.UnsignedCertificate;

/** A certificate with one fault, and the rule that must see it. */
record Faulty(String name, String rule, UnsignedCertificate certificate) {
    @Override
    public String toString() {
        return name;
    }
}

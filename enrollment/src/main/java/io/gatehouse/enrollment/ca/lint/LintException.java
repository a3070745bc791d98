package io.gatehouse.enrollment.ca.lint;

import java.util.List;

/** A certificate that must not be signed. It never was; that it was assembled is a fault of Gatehouse, not of who asked for it. */
public final class LintException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final List<String> faults;

    LintException(List<String> faults) {
        super("not signed: " + String.join("; ", faults));
        this.faults = List.copyOf(faults);
    }

    /** Each as {@code RuleName: what is wrong}. */
    public List<String> faults() {
        return faults;
    }
}

package io.gatehouse.identity.policy;

import java.util.List;

/** A policy document that is not one: what is wrong at which places, and what is allowed there. */
public final class PolicyException extends IllegalArgumentException {
    /** The most places that are named. */
    public static final int MOST_FINDINGS = 20;

    private static final long serialVersionUID = 1L;

    private final transient List<Finding> findings;

    PolicyException(Place place, String problem) {
        this(List.of(Finding.of(place, problem)));
    }

    /** Of one or more; those after the first {@link #MOST_FINDINGS} are left out. */
    PolicyException(List<Finding> findings) {
        super(findings.get(0) + (findings.size() == 1 ? "" : " (and " + (findings.size() - 1) + " more)"));
        this.findings = findings.stream().limit(MOST_FINDINGS).toList();
    }

    /** At least one, in the order of the document. */
    public List<Finding> findings() {
        return findings;
    }

    /** The first member that is wrong, such as {@code rules[0].publish[1]}; empty for the document itself. */
    public String path() {
        return findings.get(0).path();
    }
}

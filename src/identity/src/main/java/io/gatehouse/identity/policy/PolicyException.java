package io.gatehouse.identity.policy;

/** A policy document that is not one: says where ({@code rules[0].qosMax}) and what is allowed there. */
public final class PolicyException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String path;
    private final String problem;

    public PolicyException(String path, String problem) {
        super(path.isEmpty() ? problem : path + ": " + problem);
        this.path = path;
        this.problem = problem;
    }

    /** The member that is wrong, such as {@code rules[0].publish[1]}; empty for the document itself. */
    public String path() {
        return path;
    }

    /** What is wrong and what is allowed, without the path. */
    public String problem() {
        return problem;
    }

    PolicyException under(String parent) {
        return new PolicyException(parent + "." + path, problem);
    }
}

package io.gatehouse.enrollment.ca;

import java.nio.file.Path;

/**
 * The authorities of a home cannot be made or opened, for a cause that a person can mend. The message is one line: the file, what is
 * wrong with it, and what to do. The command exits with 2.
 */
public final class HierarchyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What is wrong. */
    public enum Problem {
        NOT_INITIALISED,
        MISSING_FILE,
        LOOSE_MODE,
        UNREADABLE,
        WRONG_PASSPHRASE,
        MISMATCH,
        BUSY
    }

    private final Problem problem;
    private final String file;
    private final String remedy;

    HierarchyException(Problem problem, Path file, String wrong, String remedy) {
        super(file + ": " + wrong + "; " + remedy);
        this.problem = problem;
        this.file = file.toString();
        this.remedy = remedy;
    }

    public Problem problem() {
        return problem;
    }

    public String file() {
        return file;
    }

    /** What to do about it. */
    public String remedy() {
        return remedy;
    }
}

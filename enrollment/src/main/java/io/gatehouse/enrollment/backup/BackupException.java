package io.gatehouse.enrollment.backup;

/** A backup that cannot be used, or a home that cannot take it. The message is one line for a person. */
public final class BackupException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BackupException(String message) {
        super(message);
    }

    BackupException(String message, Throwable cause) {
        super(message, cause);
    }
}

package io.gatehouse.x509.tls;

import java.nio.file.Path;

/** Why two PEM files cannot be what a server shows: which file, what is wrong with it, what to do about it. Holds no secret. */
public final class ServerPemException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final String wrong;

    ServerPemException(Path file, String wrong) {
        super(file + ": " + wrong);
        this.file = file.toString();
        this.wrong = wrong;
    }

    /** The file at fault. */
    public String file() {
        return file;
    }

    /** What is wrong, and what to do about it. */
    public String wrong() {
        return wrong;
    }
}

package io.gatehouse.admission.replica;

import java.io.IOException;

/** A later version of this code wrote what is on disk; never leaves this package. */
final class NewerReplicaException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int version;

    NewerReplicaException(int version) {
        super("it is of version " + version + ", and this extension reads up to version " + Format.VERSION
                + "; it is kept, and the directory is fetched again");
        this.version = version;
    }

    int version() {
        return version;
    }
}

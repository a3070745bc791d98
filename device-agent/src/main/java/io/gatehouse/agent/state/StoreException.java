package io.gatehouse.agent.state;

/** The state directory cannot be used: not readable, not writable, damaged, or open to others. The message names the file. */
public final class StoreException extends RuntimeException {
    public StoreException(String message) {
        super(message);
    }

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}

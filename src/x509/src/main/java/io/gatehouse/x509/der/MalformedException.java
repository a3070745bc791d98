package io.gatehouse.x509.der;

/**
 * An encoding that breaks its rules. The message says what is wrong in words of the standard and holds nothing of the input, so that it may
 * be logged and sent to a peer.
 */
public final class MalformedException extends Exception {
    private final String fault;

    public MalformedException(String fault) {
        super(fault);
        this.fault = fault;
    }

    public MalformedException(String fault, Throwable cause) {
        super(fault, cause);
        this.fault = fault;
    }

    @Override
    public String getMessage() {
        return fault;
    }
}

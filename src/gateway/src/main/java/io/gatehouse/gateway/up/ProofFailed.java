package io.gatehouse.gateway.up;

/** The door does not do what it must; nobody may rely on it. The message says what was expected and what was seen. */
public final class ProofFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ProofFailed(String message) {
        super(message);
    }
}

package io.gatehouse.enrollment.app.port;

import java.security.PublicKey;

/** The key that signs the audit's checkpoints and nothing else. Thread-safe. */
public interface CheckpointSigner {
    /** ECDSA with SHA-256, as an Ecdsa-Sig-Value. */
    byte[] sign(byte[] statement);

    PublicKey publicKey();
}

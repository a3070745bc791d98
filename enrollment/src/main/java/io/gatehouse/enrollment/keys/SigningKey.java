package io.gatehouse.enrollment.keys;

import java.security.PublicKey;

/**
 * A private key that can sign and cannot be read: there is no getter, so no caller can leak it. A key in a file, or later one in a
 * token, is behind it. All keys of Gatehouse's own authorities are P-256 and sign with ECDSA and SHA-256 (RFC 5758, section 3.2).
 * Implementations are thread-safe.
 */
public interface SigningKey {
    /**
     * Signs to-be-signed bytes with ecdsa-with-SHA256.
     *
     * @return the signature as the DER of an Ecdsa-Sig-Value (RFC 3279, section 2.2.3)
     * @throws SigningException when the key cannot be used, which is a fault of the machine and never of the caller's bytes
     */
    byte[] sign(byte[] tbs);

    /** The public half, P-256. */
    PublicKey publicKey();

    /** The key could not sign. */
    final class SigningException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public SigningException(Throwable cause) {
            super("the key cannot sign", cause);
        }
    }
}

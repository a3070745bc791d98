package io.gatehouse.x25519;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.ProviderException;
import java.security.spec.EncodedKeySpec;
import java.util.Optional;
import javax.crypto.KeyAgreement;

/** X25519 by a provider that is not registered, Conscrypt's: its keys stay in here, what goes in and out is bytes. Thread-safe. */
class NativeCode {
    private static final String CONSCRYPT = "org.conscrypt.OpenSSLProvider";

    private final Provider provider;

    NativeCode(Provider provider) {
        this.provider = provider;
    }

    /**
     * What came of loading Conscrypt.
     *
     * @param version Conscrypt's, or {@code none}
     * @param code empty when it does not work here
     * @param problem why not
     */
    record Attempt(String version, Optional<NativeCode> code, Optional<String> problem) {
        static Attempt failed(String problem) {
            return new Attempt("none", Optional.empty(), Optional.of(problem));
        }
    }

    static Attempt load() {
        return load(CONSCRYPT);
    }

    /** Never throws: what Conscrypt throws where its library does not load differs from one system to the next. */
    static Attempt load(String className) {
        try {
            Class<?> type = Class.forName(className);
            Provider provider = (Provider) type.getConstructor().newInstance();
            String version = type.getPackage().getImplementationVersion();
            return new Attempt(
                    version == null ? "unknown" : version, Optional.of(new NativeCode(provider)), Optional.empty());
        } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
            Throwable cause = e.getCause();
            return Attempt.failed((cause == null ? e : cause).toString());
        }
    }

    /** A new pair; the randomness is BoringSSL's own. */
    KeyPair newPair() throws GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance(ConscryptX25519.ALGORITHM, provider)
                .generateKeyPair();
        return new KeyPair(
                new X25519PublicKey(
                        Encoding.X509.unwrap(pair.getPublic().getEncoded()).orElseThrow(NativeCode::foreign)),
                new X25519PrivateKey(
                        Encoding.PKCS8.unwrap(pair.getPrivate().getEncoded()).orElseThrow(NativeCode::foreign)));
    }

    /** The function X25519 of RFC 7748 §5. Throws GeneralSecurityException when the result would be all zeros (§6.1). */
    byte[] x25519(byte[] scalar, byte[] u) throws GeneralSecurityException {
        KeyFactory factory = KeyFactory.getInstance(ConscryptX25519.ALGORITHM, provider);
        KeyAgreement agreement = KeyAgreement.getInstance(ConscryptX25519.ALGORITHM, provider);
        agreement.init(factory.generatePrivate(new Raw(scalar)));
        agreement.doPhase(factory.generatePublic(new Raw(u)), true);
        return agreement.generateSecret();
    }

    private static ProviderException foreign() {
        return new ProviderException("an unknown encoding");
    }

    /** Conscrypt takes the 32 bytes as they are under this name; from PKCS#8 it would compute the public key again. */
    private static final class Raw extends EncodedKeySpec {
        Raw(byte[] bytes) {
            super(bytes);
        }

        @Override
        public String getFormat() {
            return "raw";
        }
    }
}

package io.gatehouse.x25519;

import java.security.InvalidKeyException;
import java.security.Key;
import java.security.KeyFactorySpi;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.XECPrivateKey;
import java.security.interfaces.XECPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.KeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import org.jspecify.annotations.Nullable;

/** Keys from numbers, scalars and encodings, and back. What is not X25519 is refused by a checked exception: the next provider's turn. */
final class Keys extends KeyFactorySpi {

    static boolean isX25519(@Nullable AlgorithmParameterSpec parameters) {
        return parameters instanceof NamedParameterSpec named && named.getName().equalsIgnoreCase("X25519");
    }

    /** The key of any provider as one of ours. */
    static X25519PublicKey publicKey(Key key) throws InvalidKeyException {
        if (key instanceof X25519PublicKey ours) {
            return ours;
        }
        if (key instanceof XECPublicKey point && isX25519(point.getParams())) {
            return X25519PublicKey.of(point.getU());
        }
        throw new InvalidKeyException("not a public key of X25519");
    }

    /** The scalar of any provider's key. A key that does not tell it, one in hardware say, is refused. */
    static byte[] scalar(Key key) throws InvalidKeyException {
        if (key instanceof XECPrivateKey own && isX25519(own.getParams())) {
            byte[] scalar = own.getScalar().orElse(new byte[0]);
            if (scalar.length == Encoding.LENGTH) {
                return scalar;
            }
        }
        throw new InvalidKeyException("not a private key of X25519 that can be read");
    }

    @Override
    protected PublicKey engineGeneratePublic(KeySpec spec) throws InvalidKeySpecException {
        if (spec instanceof XECPublicKeySpec point && isX25519(point.getParams())) {
            return X25519PublicKey.of(point.getU());
        }
        if (spec instanceof X509EncodedKeySpec encoded) {
            return Encoding.X509
                    .unwrap(encoded.getEncoded())
                    .map(X25519PublicKey::new)
                    .orElseThrow(Keys::unknown);
        }
        throw unknown();
    }

    @Override
    protected PrivateKey engineGeneratePrivate(KeySpec spec) throws InvalidKeySpecException {
        if (spec instanceof XECPrivateKeySpec own && isX25519(own.getParams())) {
            byte[] scalar = own.getScalar();
            if (scalar.length == Encoding.LENGTH) {
                return new X25519PrivateKey(scalar);
            }
        }
        if (spec instanceof PKCS8EncodedKeySpec encoded) {
            return Encoding.PKCS8
                    .unwrap(encoded.getEncoded())
                    .map(X25519PrivateKey::new)
                    .orElseThrow(Keys::unknown);
        }
        throw unknown();
    }

    @Override
    protected <T extends KeySpec> T engineGetKeySpec(Key key, Class<T> type) throws InvalidKeySpecException {
        try {
            if (key instanceof PublicKey) {
                X25519PublicKey ours = publicKey(key);
                return given(
                        type,
                        new X509EncodedKeySpec(ours.getEncoded()),
                        new XECPublicKeySpec(NamedParameterSpec.X25519, ours.getU()));
            }
            byte[] scalar = scalar(key);
            return given(
                    type,
                    new PKCS8EncodedKeySpec(Encoding.PKCS8.wrap(scalar)),
                    new XECPrivateKeySpec(NamedParameterSpec.X25519, scalar));
        } catch (InvalidKeyException e) {
            throw new InvalidKeySpecException(e);
        }
    }

    private static <T extends KeySpec> T given(Class<T> type, KeySpec... forms) throws InvalidKeySpecException {
        for (KeySpec form : forms) {
            if (type.isInstance(form)) {
                return type.cast(form);
            }
        }
        throw unknown();
    }

    @Override
    protected Key engineTranslateKey(Key key) throws InvalidKeyException {
        return key instanceof PublicKey ? publicKey(key) : new X25519PrivateKey(scalar(key));
    }

    private static InvalidKeySpecException unknown() {
        return new InvalidKeySpecException("not X25519 in a form that is known here");
    }
}

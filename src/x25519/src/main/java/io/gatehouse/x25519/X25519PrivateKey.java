package io.gatehouse.x25519;

import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.security.KeyRep;
import java.security.MessageDigest;
import java.security.interfaces.XECPrivateKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A scalar (RFC 7748 §5): 32 bytes as they are encoded, of which the function X25519 fixes five bits. Immutable; not printed. */
final class X25519PrivateKey implements XECPrivateKey {
    private final transient byte[] scalar;

    X25519PrivateKey(byte[] scalar) {
        if (scalar.length != Encoding.LENGTH) {
            throw new IllegalArgumentException("a scalar has 32 bytes");
        }
        this.scalar = scalar.clone();
    }

    @Override
    public Optional<byte[]> getScalar() {
        return Optional.of(scalar.clone());
    }

    @Override
    public AlgorithmParameterSpec getParams() {
        return NamedParameterSpec.X25519;
    }

    @Override
    public String getAlgorithm() {
        return ConscryptX25519.ALGORITHM;
    }

    @Override
    public String getFormat() {
        return "PKCS#8";
    }

    @Override
    public byte[] getEncoded() {
        return Encoding.PKCS8.wrap(scalar);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof X25519PrivateKey that && MessageDigest.isEqual(scalar, that.scalar);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(scalar);
    }

    private Object writeReplace() {
        return new KeyRep(KeyRep.Type.PRIVATE, getAlgorithm(), getFormat(), getEncoded());
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("written as a KeyRep");
    }
}

package io.gatehouse.x25519;

import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.math.BigInteger;
import java.security.KeyRep;
import java.security.interfaces.XECPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A u-coordinate (RFC 7748 §5): 32 bytes, the least significant first, the unused topmost bit cleared. Immutable. */
final class X25519PublicKey implements XECPublicKey {
    private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

    private final transient byte[] u;

    /** Of 32 bytes as they came over the wire, of which the topmost bit does not count. */
    X25519PublicKey(byte[] wire) {
        if (wire.length != Encoding.LENGTH) {
            throw new IllegalArgumentException("a u-coordinate has 32 bytes");
        }
        u = wire.clone();
        u[u.length - 1] &= 0x7f;
    }

    /** Of a number, which is taken modulo 2^255 - 19. */
    static X25519PublicKey of(BigInteger number) {
        byte[] magnitude = number.mod(P).toByteArray();
        byte[] u = new byte[Encoding.LENGTH];
        for (int i = 0; i < magnitude.length; i++) {
            u[i] = magnitude[magnitude.length - 1 - i];
        }
        return new X25519PublicKey(u);
    }

    byte[] bytes() {
        return u.clone();
    }

    @Override
    public BigInteger getU() {
        byte[] magnitude = new byte[u.length];
        for (int i = 0; i < u.length; i++) {
            magnitude[i] = u[u.length - 1 - i];
        }
        return new BigInteger(1, magnitude);
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
        return "X.509";
    }

    @Override
    public byte[] getEncoded() {
        return Encoding.X509.wrap(u);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof X25519PublicKey that && Arrays.equals(u, that.u);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(u);
    }

    @Override
    public String toString() {
        return "X25519 " + HexFormat.of().formatHex(u);
    }

    private Object writeReplace() {
        return new KeyRep(KeyRep.Type.PUBLIC, getAlgorithm(), getFormat(), getEncoded());
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("written as a KeyRep");
    }
}

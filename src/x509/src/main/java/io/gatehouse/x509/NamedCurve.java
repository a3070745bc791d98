package io.gatehouse.x509;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The three curves that are accepted, and whether a point lies on one: the JDK's key factory does not look. */
enum NamedCurve {
    P256("1.2.840.10045.3.1.7", "secp256r1", PublicKeys.Kind.P256),
    P384("1.3.132.0.34", "secp384r1", PublicKeys.Kind.P384),
    P521("1.3.132.0.35", "secp521r1", PublicKeys.Kind.P521);

    private final String oid;
    private final PublicKeys.Kind kind;
    private final BigInteger prime;
    private final BigInteger a;
    private final BigInteger b;

    NamedCurve(String oid, String name, PublicKeys.Kind kind) {
        this.oid = oid;
        this.kind = kind;
        try {
            var parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec(name));
            var curve = parameters.getParameterSpec(ECParameterSpec.class).getCurve();
            this.prime = ((ECFieldFp) curve.getField()).getP();
            this.a = curve.getA();
            this.b = curve.getB();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform has no " + name, e);
        }
    }

    static @Nullable NamedCurve ofOid(String oid) {
        for (var curve : values()) {
            if (curve.oid.equals(oid)) {
                return curve;
            }
        }
        return null;
    }

    PublicKeys.Kind kind() {
        return kind;
    }

    /** Whether this is an uncompressed point that satisfies y^2 = x^3 + ax + b; the point at infinity has no such form. */
    boolean holds(byte[] point) {
        var width = (prime.bitLength() + 7) / 8;
        if (point.length != 1 + 2 * width || point[0] != 4) {
            return false;
        }
        var x = new BigInteger(1, Arrays.copyOfRange(point, 1, 1 + width));
        var y = new BigInteger(1, Arrays.copyOfRange(point, 1 + width, point.length));
        if (x.compareTo(prime) >= 0 || y.compareTo(prime) >= 0) {
            return false;
        }
        var right = x.multiply(x).add(a).multiply(x).add(b).mod(prime);
        return y.multiply(y).mod(prime).equals(right);
    }
}

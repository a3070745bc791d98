package io.gatehouse.enrollment.app.domain;

import io.gatehouse.x509.PublicKeys;
import io.gatehouse.x509.PublicKeys.SubjectKey;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** A kind of key that a fleet may accept. For RSA the number is the smallest modulus; none is larger than 4096 bits. */
public enum KeyKind {
    P256("P-256", PublicKeys.Kind.P256, 256),
    P384("P-384", PublicKeys.Kind.P384, 384),
    P521("P-521", PublicKeys.Kind.P521, 521),
    ED25519("Ed25519", PublicKeys.Kind.ED25519, 255),
    RSA_2048("RSA-2048", PublicKeys.Kind.RSA, 2048),
    RSA_3072("RSA-3072", PublicKeys.Kind.RSA, 3072),
    RSA_4096("RSA-4096", PublicKeys.Kind.RSA, 4096);

    /** What a fleet accepts unless it says otherwise. */
    public static final Set<KeyKind> DEFAULT = Set.copyOf(EnumSet.of(P256, P384, P521, ED25519, RSA_2048));

    private final String word;
    private final PublicKeys.Kind kind;
    private final int smallest;

    KeyKind(String word, PublicKeys.Kind kind, int smallest) {
        this.word = word;
        this.kind = kind;
        this.smallest = smallest;
    }

    /** As people write it. */
    public String word() {
        return word;
    }

    public boolean accepts(SubjectKey key) {
        return key.kind() == kind && key.bits() >= smallest;
    }

    public static Optional<KeyKind> ofWord(String word) {
        return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
    }
}

package io.gatehouse.x25519;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A JCA provider of X25519 alone, as {@code XDH} and {@code X25519}, that computes with Conscrypt (BoringSSL). Its keys are
 * {@code XECPublicKey} and {@code XECPrivateKey}, which JSSE asks for and Conscrypt's own are not. X448, and encodings other than the
 * common ones, are refused such that the JCA goes on to the next provider. No other algorithm of Conscrypt becomes visible.
 *
 * <p>Making one never fails: without Conscrypt's jar, without its library for this machine, where the JVM wants signed providers, or
 * when RFC 7748's example does not come out, it offers nothing and {@link #getInfo} says why. Thread-safe.
 */
public final class ConscryptX25519 extends Provider {
    static final String NAME = "ConscryptX25519";
    static final String ALGORITHM = "XDH";

    private static final List<String> ALIASES = List.of("X25519", "1.3.101.110", "OID.1.3.101.110");

    private final @Nullable String problem;

    /** For the JDK too, which makes one when a security property names this class. */
    public ConscryptX25519() {
        this(NativeCode.load());
    }

    ConscryptX25519(NativeCode.Attempt attempt) {
        super(NAME, attempt.version(), "X25519 of Conscrypt " + attempt.version());
        problem = attempt.code().map(this::offer).orElse(attempt.problem()).orElse(null);
    }

    /** What it offers, or why it offers nothing. */
    @Override
    public String getInfo() {
        return problem == null ? super.getInfo() : "X25519 is left to the JDK: " + problem;
    }

    private Optional<String> offer(NativeCode code) {
        putService(new Offer(this, "KeyPairGenerator", () -> new PairGenerator(code)));
        putService(new Offer(this, "KeyFactory", Keys::new));
        putService(new Offer(this, "KeyAgreement", () -> new Agreement(code)));
        try {
            SelfTest.run(this);
            return Optional.empty();
        } catch (GeneralSecurityException | RuntimeException | LinkageError e) {
            clear();
            return Optional.of("self-test: " + e);
        }
    }

    private static final class Offer extends Service {
        private final Supplier<Object> maker;

        Offer(Provider provider, String type, Supplier<Object> maker) {
            super(provider, type, ALGORITHM, ConscryptX25519.class.getName(), ALIASES, Map.of());
            this.maker = maker;
        }

        @Override
        public Object newInstance(Object parameter) {
            return maker.get();
        }
    }
}

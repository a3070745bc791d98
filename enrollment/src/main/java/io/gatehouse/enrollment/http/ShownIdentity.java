package io.gatehouse.enrollment.http;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Hands out the one identity of the moment. A handshake asks for alias, key and chain one after the other: the alias is a number
 * of a generation, and the generation before stays known, so that a replacement in between never mixes two.
 */
final class ShownIdentity extends X509ExtendedKeyManager {
    private record Generation(long number, ServerIdentity identity) {
        String alias() {
            return Long.toString(number);
        }
    }

    private record Generations(Generation current, Generation previous) {}

    private volatile Generations generations;

    ShownIdentity(ServerIdentity identity) {
        var first = new Generation(0, identity);
        this.generations = new Generations(first, first);
    }

    synchronized void replace(ServerIdentity identity) {
        var now = generations.current();
        generations = new Generations(new Generation(now.number() + 1, identity), now);
    }

    private @Nullable ServerIdentity of(@Nullable String alias) {
        var now = generations;
        if (now.current().alias().equals(alias)) {
            return now.current().identity();
        }
        return now.previous().alias().equals(alias) ? now.previous().identity() : null;
    }

    /** JSSE asks once for each kind of key that the client could take: the answer is null for all kinds but our own. */
    private @Nullable String choose(String keyType) {
        var current = generations.current();
        var ours = current.identity().key().getAlgorithm();
        boolean fits = keyType.startsWith(ours) || (ours.startsWith("Ed") && keyType.startsWith("Ed"));
        return fits ? current.alias() : null;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return choose(keyType);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return choose(keyType);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
        var identity = of(alias);
        return identity == null ? null : identity.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
        var identity = of(alias);
        return identity == null ? null : identity.key();
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        var alias = choose(keyType);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}

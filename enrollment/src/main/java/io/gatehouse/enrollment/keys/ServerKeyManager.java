package io.gatehouse.enrollment.keys;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shows the server's newest identity at each handshake, so that a renewal needs no new SSLContext and breaks no connection. A handshake
 * that has begun ends with the identity that it began with. Thread-safe.
 */
public final class ServerKeyManager extends X509ExtendedKeyManager {
    private final Supplier<ServerIdentity> current;
    private @Nullable ServerIdentity newest;
    private @Nullable ServerIdentity before;

    public ServerKeyManager(Supplier<ServerIdentity> current) {
        this.current = current;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return alias(keyType);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return alias(keyType);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        var alias = alias(keyType);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        var identity = identity(alias);
        return identity == null ? null : identity.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        var identity = identity(alias);
        return identity == null ? null : identity.key();
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    private @Nullable String alias(String keyType) {
        var identity = current.get();
        if (!identity.key().getAlgorithm().equals(keyType)) {
            return null;
        }
        remember(identity);
        return alias(identity);
    }

    private synchronized void remember(ServerIdentity identity) {
        if (!identity.equals(newest)) {
            before = newest;
            newest = identity;
        }
    }

    private synchronized @Nullable ServerIdentity identity(String alias) {
        return Stream.of(Optional.ofNullable(newest), Optional.ofNullable(before))
                .flatMap(Optional::stream)
                .filter(each -> alias(each).equals(alias))
                .findFirst()
                .orElse(null);
    }

    private static String alias(ServerIdentity identity) {
        return identity.certificate().getSerialNumber().toString(16);
    }
}

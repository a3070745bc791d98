package io.gatehouse.enrollment.keys;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shows the server's newest identity at each handshake, so that a renewal needs no new SSLContext and breaks no connection. A handshake
 * that has begun ends with the identity that it began with. A client that asks for a name (RFC 6066, section 3) may see another
 * identity than one that asks for none. Thread-safe.
 */
public final class ServerKeyManager extends X509ExtendedKeyManager {
    private final Shown own;
    private final Shown named = new Shown("named");
    private final Supplier<ServerIdentity> current;
    private final Function<String, Optional<ServerIdentity>> byName;

    public ServerKeyManager(Supplier<ServerIdentity> current) {
        this(current, name -> Optional.empty());
    }

    /** @param byName the identity for a name in lower or upper case, when it is not the usual one */
    public ServerKeyManager(Supplier<ServerIdentity> current, Function<String, Optional<ServerIdentity>> byName) {
        this.current = current;
        this.byName = byName;
        this.own = new Shown("own");
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return alias(keyType, engine == null ? null : engine.getHandshakeSession());
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return alias(keyType, socket instanceof SSLSocket ssl ? ssl.getHandshakeSession() : null);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        var alias = alias(keyType, null);
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

    /** Nothing for a kind of key that this identity does not have: the handshake then asks for the next kind. */
    private @Nullable String alias(String keyType, @Nullable SSLSession session) {
        var other = named(session);
        var identity = other.orElseGet(current);
        if (!identity.key().getAlgorithm().equals(keyType)) {
            return null;
        }
        return (other.isPresent() ? named : own).remember(identity);
    }

    private Optional<ServerIdentity> named(@Nullable SSLSession session) {
        if (!(session instanceof ExtendedSSLSession extended)) {
            return Optional.empty();
        }
        return extended.getRequestedServerNames().stream()
                .flatMap(name -> name instanceof SNIHostName host ? Stream.of(host.getAsciiName()) : Stream.of())
                .findFirst()
                .flatMap(byName);
    }

    private @Nullable ServerIdentity identity(String alias) {
        return own.identity(alias).or(() -> named.identity(alias)).orElse(null);
    }

    /** The newest identity of one kind, and the one before it for handshakes that have begun. */
    private static final class Shown {
        private final String kind;
        private @Nullable ServerIdentity newest;
        private @Nullable ServerIdentity before;

        Shown(String kind) {
            this.kind = kind;
        }

        synchronized String remember(ServerIdentity identity) {
            if (!identity.equals(newest)) {
                before = newest;
                newest = identity;
            }
            return alias(identity);
        }

        synchronized Optional<ServerIdentity> identity(String alias) {
            return Stream.of(Optional.ofNullable(newest), Optional.ofNullable(before))
                    .flatMap(Optional::stream)
                    .filter(each -> alias(each).equals(alias))
                    .findFirst();
        }

        private String alias(ServerIdentity identity) {
            return kind + "-" + identity.certificate().getSerialNumber().toString(16);
        }
    }
}

package io.gatehouse.enrollment.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerKeyManagerTest {
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void shows_the_newest_identity_without_a_new_context(String protocol) throws Exception {
        var handshakes = new Handshakes(protocol);
        var first = identity(handshakes);
        var second = identity(handshakes);
        var current = new AtomicReference<>(first);
        var keys = new ServerKeyManager(current::get);

        assertThat(handshakes.shownBy(keys)).isEqualTo(first.certificate());
        current.set(second);
        assertThat(handshakes.shownBy(keys)).isEqualTo(second.certificate());
    }

    @Test
    void a_handshake_ends_with_the_identity_that_it_began_with() {
        var handshakes = new Handshakes("TLSv1.3");
        var first = identity(handshakes);
        var current = new AtomicReference<>(first);
        var keys = new ServerKeyManager(current::get);

        var alias = keys.chooseEngineServerAlias("EC", null, null);
        current.set(identity(handshakes));
        keys.chooseEngineServerAlias("EC", null, null);

        assertThat(keys.getPrivateKey(alias)).isEqualTo(first.key());
        assertThat(keys.getCertificateChain(alias)).containsExactlyElementsOf(first.chain());
    }

    @Test
    void has_nothing_for_clients_or_other_kinds_of_keys() {
        var identity = identity(new Handshakes("TLSv1.3"));
        var keys = new ServerKeyManager(() -> identity);

        assertThat(keys.chooseEngineServerAlias("RSA", null, null)).isNull();
        assertThat(keys.chooseClientAlias(new String[] {"EC"}, null, null)).isNull();
        assertThat(keys.getPrivateKey("unknown")).isNull();
    }

    private static ServerIdentity identity(Handshakes handshakes) {
        var pair = SoftwareKey.generate();
        var now = Instant.now();
        var issuer = handshakes.issuer();
        var certificate = issuer.issueServer(
                List.of("localhost"),
                "spiffe://gatehouse.internal/service/enrollment",
                pair.getPublic(),
                now.minusSeconds(9),
                now.plus(Duration.ofDays(1)));
        return new ServerIdentity(pair.getPrivate(), List.of(certificate, issuer.servicesCa()));
    }
}

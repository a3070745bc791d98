package io.gatehouse.broker.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.admission.replica.Directory;
import io.gatehouse.admission.replica.FilledDirectory;
import io.gatehouse.broker.config.HivemqConfig;
import io.gatehouse.broker.config.KeystoreSettings;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.testkit.CertificateOrder;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.MutableClock;
import io.gatehouse.testkit.PemText;
import io.gatehouse.testkit.TestAuthority;
import io.gatehouse.x509.Parsed;
import io.gatehouse.x509.Pkcs10Request;
import io.gatehouse.x509.TrustDomain;
import io.gatehouse.x509.tls.ClientIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RenewalTest {
    private static final String ROLE = "spiffe://gatehouse.internal/broker/b1";
    private static final String PASSWORD = "secret";

    @TempDir
    Path folder;

    private final TestAuthority root = TestAuthority.root();
    private final TestAuthority services = root.servicesCa();
    private final TestAuthority devices = TestAuthority.root().devicesCa();
    private final MutableClock clock = MutableClock.at("2026-11-23T12:00:00Z");
    private final List<String> asked = new ArrayList<>();
    private final List<ClientIdentity> feeds = new ArrayList<>();
    private Consumer<CertificateOrder> spoil = order -> {};
    private boolean anotherKey;
    private IOException broken;
    private IdentityFiles files;

    @BeforeEach
    void fill() throws Exception {
        files = new IdentityFiles(folder);
        Files.writeString(folder.resolve("trust.pem"), PemText.certificates(List.of(root.certificate())));
        issue(order -> order.clientAuth()).writeTo(folder, "feed");
        issue(order -> order.serverAuth()).writeTo(folder, "server");
    }

    private HeldCertificate issue(Consumer<CertificateOrder> changes) {
        return services.server(order -> {
            order.uri(ROLE).validity(clock.instant(), clock.instant().plus(Duration.ofDays(7)));
            changes.accept(order);
        });
    }

    private List<X509Certificate> answer(IdentityFiles.Use use, byte[] pkcs10) throws IOException {
        asked.add(use.word());
        if (broken != null) {
            throw broken;
        }
        var request = ((Parsed.Good<Pkcs10Request>) Pkcs10Request.parse(pkcs10)).value();
        return issue(order -> {
                    if (!anotherKey) {
                        order.key(new KeyPair(request.key().publicKey(), null));
                    }
                    spoil.accept(order);
                })
                .chain();
    }

    private IdentityKeeper keeper(Directory directory) {
        var renewal =
                new Renewal(files, TrustDomain.of("gatehouse.internal"), BrokerName.of("b1"), this::answer, clock);
        var hivemq = new HivemqConfig(
                List.of(store(files.keystore())),
                List.of(store(files.truststore())),
                List.of(),
                Map.of(),
                HivemqConfig.NEVER);
        return new IdentityKeeper(files, hivemq, renewal, directory, feeds::add, java.util.Optional.empty());
    }

    private static KeystoreSettings store(Path file) {
        return new KeystoreSettings(file.toAbsolutePath().normalize(), PASSWORD, Optional.empty());
    }

    private X509Certificate shown() throws Exception {
        var store = KeyStore.getInstance(files.keystore().toFile(), PASSWORD.toCharArray());
        return (X509Certificate) store.getCertificateChain("server")[0];
    }

    @Test
    void puts_the_stores_right_and_asks_for_nothing_before_half_of_the_life() throws Exception {
        var keeper = keeper(new FilledDirectory(
                        Instant.now(),
                        new Entry.AuthorityEntry(
                                "devices", devices.certificate().getEncoded()))
                .directory);
        clock.advance(Duration.ofDays(3));
        keeper.look();
        assertThat(keeper.problem()).isEmpty();
        assertThat(asked).isEmpty();
        assertThat(shown()).isEqualTo(files.identity(IdentityFiles.Use.SERVER).certificate());
        var trust = KeyStore.getInstance(files.truststore().toFile(), PASSWORD.toCharArray());
        assertThat(trust.size()).isEqualTo(1);
        assertThat(trust.getCertificateAlias(devices.certificate())).isNotNull();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files.keystore())))
                .isEqualTo("rw-------");
    }

    @Test
    void never_empties_the_truststore() {
        keeper(new Directory()).look();
        assertThat(files.truststore()).doesNotExist();
    }

    @Test
    void renews_both_at_half_of_their_life_with_new_keys() throws Exception {
        var keeper = keeper(new Directory());
        keeper.look();
        var before = files.identity(IdentityFiles.Use.SERVER);
        clock.advance(Duration.ofHours(85));
        keeper.look();
        assertThat(keeper.problem()).isEmpty();
        assertThat(asked).containsExactly("feed", "server");
        var after = files.identity(IdentityFiles.Use.SERVER);
        assertThat(after.certificate().getPublicKey())
                .isNotEqualTo(before.certificate().getPublicKey());
        assertThat(shown()).isEqualTo(after.certificate());
        assertThat(feeds).hasSize(1);
        assertThat(feeds.get(0).certificate())
                .isEqualTo(files.identity(IdentityFiles.Use.FEED).certificate());
        keeper.look();
        assertThat(asked).hasSize(2);
    }

    @Test
    void renews_a_server_certificate_of_a_time_to_come_when_the_clock_was_set_back() throws Exception {
        clock.advance(Duration.ofDays(-3));
        var keeper = keeper(new Directory());
        keeper.look();
        assertThat(keeper.problem()).isEmpty();
        assertThat(asked).containsExactly("server");
        assertThat(shown().getNotBefore()).isBeforeOrEqualTo(java.util.Date.from(clock.instant()));
        keeper.look();
        assertThat(asked).hasSize(1);
    }

    @Test
    void shows_nothing_that_begins_still_later_and_says_whose_clock_is_wrong() throws Exception {
        var before = files.identity(IdentityFiles.Use.SERVER).certificate();
        clock.advance(Duration.ofDays(-3));
        spoil = order -> order.validity(
                clock.instant().plus(Duration.ofDays(4)), clock.instant().plus(Duration.ofDays(9)));
        var keeper = keeper(new Directory());
        keeper.look();
        assertThat(keeper.problem().orElseThrow()).contains("the service's clock is ahead of this broker's");
        assertThat(shown()).isEqualTo(before);
    }

    @Test
    void keeps_what_it_has_when_the_answer_is_not_what_it_asked_for() throws Exception {
        var before = files.identity(IdentityFiles.Use.SERVER).certificate();
        clock.advance(Duration.ofDays(4));
        for (Runnable fault : List.<Runnable>of(
                () -> anotherKey = true,
                () -> spoil = order -> order.noNames().uri("spiffe://gatehouse.internal/broker/b2"),
                () -> spoil = order -> order.expired(),
                () -> broken = new IOException("https://x answers 503, unavailable"))) {
            anotherKey = false;
            spoil = order -> {};
            fault.run();
            var keeper = keeper(new Directory());
            keeper.look();
            assertThat(keeper.problem().orElseThrow()).contains("server certificate is not kept up to date");
            assertThat(files.identity(IdentityFiles.Use.SERVER).certificate()).isEqualTo(before);
        }
    }

    @Test
    void refuses_a_chain_that_does_not_end_at_the_services_root() throws Exception {
        Files.writeString(
                folder.resolve("trust.pem"),
                PemText.certificates(List.of(TestAuthority.root().certificate())));
        clock.advance(Duration.ofDays(4));
        var keeper = keeper(new Directory());
        keeper.look();
        assertThat(keeper.problem().orElseThrow()).contains("chain");
    }

    @Test
    void finishes_a_replacement_that_a_power_cut_left_half_done() throws Exception {
        var fresh = issue(order -> order.serverAuth());
        // The chain is staged, the key is in place, and then the lights go out.
        OwnerFile.stage(
                files.chain(IdentityFiles.Use.SERVER),
                PemText.certificates(fresh.chain()).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        OwnerFile.write(
                files.key(IdentityFiles.Use.SERVER),
                PemText.privateKey(fresh.privateKey()).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertThat(files.identity(IdentityFiles.Use.SERVER).certificate()).isEqualTo(fresh.certificate());
    }
}

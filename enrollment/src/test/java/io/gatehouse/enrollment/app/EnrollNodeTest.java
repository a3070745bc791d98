package io.gatehouse.enrollment.app;

import static io.gatehouse.enrollment.app.House.ADMIN;
import static io.gatehouse.enrollment.app.House.done;
import static io.gatehouse.enrollment.app.House.reason;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.app.domain.AuditEntry;
import io.gatehouse.enrollment.app.domain.Broker;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.testkit.Keys;
import io.gatehouse.x509.Pkcs10Request;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnrollNodeTest {
    private static final BrokerName B2 = BrokerName.of("b2");
    private static final BrokerName B3 = BrokerName.of("b3");

    @TempDir
    Path temp;

    private final KeyPair feed = Keys.p256();
    private final KeyPair server = Keys.p256();
    private House house;

    @BeforeEach
    void open() {
        house = new House(temp.resolve("gatehouse.db"));
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void a_node_gets_a_feed_certificate_that_opens_the_feed_and_a_server_certificate_with_its_own_names() {
        var enrolled = done(enroll(B2, feed, "b2.example", "192.0.2.2"));

        assertThat(done(house.brokers.identify(List.of(enrolled.feed())))).isEqualTo(B2);
        assertThat(enrolled.feed().getPublicKey()).isEqualTo(feed.getPublic());
        assertThat(enrolled.server().getPublicKey()).isEqualTo(server.getPublic());
        assertThat(names(enrolled.server())).containsExactlyInAnyOrder("b2.example", "192.0.2.2");
        assertThat(actions()).containsExactly("broker.enroll");
    }

    @Test
    void a_renewed_server_certificate_keeps_the_names_of_its_node() {
        done(enroll(B2, feed, "b2.example"));
        done(house.brokers.enroll(ADMIN, House.B1));
        byte[] request = Pkcs10Request.create(Keys.p256(), "whatever");

        assertThat(names(done(house.brokers.renew(B2, Brokers.Use.SERVER, request))))
                .containsExactly("b2.example");
        house.hub.snapshot(B2, line -> {}); // writes the broker anew
        assertThat(names(done(house.brokers.renew(B2, Brokers.Use.SERVER, request))))
                .containsExactly("b2.example");
        assertThat(names(done(house.brokers.renew(House.B1, Brokers.Use.SERVER, request))))
                .containsExactly("localhost");
    }

    @Test
    void the_same_key_gets_its_certificates_again_and_may_change_the_names() {
        var first = done(enroll(B2, feed, "b2.example"));
        var again = done(enroll(B2, feed, "new.example"));

        assertThat(again.replaced()).isFalse();
        assertThat(names(again.server())).containsExactly("new.example");
        assertThat(done(house.brokers.identify(List.of(first.feed())))).isEqualTo(B2);
        assertThat(done(house.brokers.identify(List.of(again.feed())))).isEqualTo(B2);
        assertThat(house.brokers.list()).hasSize(1);
    }

    @Test
    void a_key_that_the_node_made_at_a_renewal_is_its_key_too() {
        done(enroll(B2, feed, "b2.example"));
        var renewed = Keys.p256();
        done(house.brokers.renew(B2, Brokers.Use.FEED, Pkcs10Request.create(renewed, "b2")));

        done(enroll(B2, renewed, "b2.example"));
    }

    @Test
    void a_registered_name_is_refused_to_another_key_and_loses_nothing() {
        var first = done(enroll(B2, feed, "b2.example"));

        assertThat(reason(enroll(B2, Keys.p256(), "evil.example"))).isEqualTo(RefusalReason.ALREADY_EXISTS);
        assertThat(done(house.brokers.identify(List.of(first.feed())))).isEqualTo(B2);
        assertThat(house.brokers.list().get(0).names()).containsExactly("b2.example");
        assertThat(actions()).containsExactly("broker.enroll");
    }

    @Test
    void a_replaced_node_has_lost_what_it_had() {
        var first = done(enroll(B2, feed, "b2.example"));
        var second = done(house.nodes.enroll(ADMIN, order(B2, Keys.p256(), true, "b2.example")));

        assertThat(second.replaced()).isTrue();
        assertThat(reason(house.brokers.identify(List.of(first.feed())))).isEqualTo(RefusalReason.UNKNOWN_CERTIFICATE);
        assertThat(done(house.brokers.identify(List.of(second.feed())))).isEqualTo(B2);
        assertThat(actions()).containsExactly("broker.enroll", "broker.replace");
        assertThat(reason(enroll(B2, feed, "b2.example")))
                .as("the old key is no key of that name any more")
                .isEqualTo(RefusalReason.ALREADY_EXISTS);
    }

    @Test
    void the_node_that_replaces_another_begins_as_one_that_never_had_the_directory() {
        done(enroll(B2, feed, "b2.example"));
        house.hub.snapshot(B2, line -> {});
        assertThat(broker().position()).isPresent();

        house.clock.advance(Duration.ofHours(1));
        done(house.nodes.enroll(ADMIN, order(B2, Keys.p256(), true, "new.example")));

        assertThat(broker())
                .isEqualTo(Broker.enrolled(
                        B2, house.clock.instant().truncatedTo(ChronoUnit.MILLIS), List.of("new.example")));
    }

    @Test
    void a_node_that_comes_again_with_its_key_stays_what_it_was() {
        done(enroll(B2, feed, "b2.example"));
        house.hub.snapshot(B2, line -> {});
        var before = broker();

        house.clock.advance(Duration.ofHours(1));
        done(house.nodes.enroll(ADMIN, order(B2, feed, true, "b2.example")));

        assertThat(broker()).isEqualTo(before);
    }

    @Test
    void a_removed_node_may_come_back_and_its_old_certificate_opens_nothing() {
        var first = done(enroll(B2, feed, "b2.example"));
        done(house.brokers.remove(ADMIN, B2));
        assertThat(reason(house.brokers.identify(List.of(first.feed())))).isEqualTo(RefusalReason.UNKNOWN_CERTIFICATE);

        var second = done(enroll(B2, Keys.p256(), "b2.example"));
        assertThat(done(house.brokers.identify(List.of(second.feed())))).isEqualTo(B2);
        assertThat(reason(house.brokers.identify(List.of(first.feed())))).isEqualTo(RefusalReason.UNKNOWN_CERTIFICATE);
    }

    @Test
    void two_nodes_never_share_a_key_and_a_node_has_two() {
        done(enroll(B2, feed, "b2.example"));
        assertThat(reason(enroll(B3, feed, "b3.example"))).isEqualTo(RefusalReason.KEY_REUSED);
        assertThat(reason(enroll(B3, server, "b3.example"))).isEqualTo(RefusalReason.BAD_REQUEST);
        assertThat(house.brokers.list()).hasSize(1);
    }

    @Test
    void a_key_that_a_broker_has_or_had_for_its_feed_is_none_for_a_listener() {
        done(enroll(B2, feed, "b2.example"));
        var renewed = Keys.p256();
        done(house.brokers.renew(B2, Brokers.Use.FEED, Pkcs10Request.create(renewed, "b2")));

        for (KeyPair taken : List.of(feed, renewed)) {
            assertThat(reason(house.nodes.enroll(ADMIN, order(B3, Keys.p256(), taken, false, "b3.example"))))
                    .as("another broker's")
                    .isEqualTo(RefusalReason.KEY_REUSED);
        }
        assertThat(reason(house.nodes.enroll(ADMIN, order(B2, renewed, feed, false, "b2.example"))))
                .as("its own, of before")
                .isEqualTo(RefusalReason.KEY_REUSED);
        assertThat(reason(house.nodes.enroll(ADMIN, order(B2, Keys.p256(), feed, true, "b2.example"))))
                .as("that of the node it replaces")
                .isEqualTo(RefusalReason.KEY_REUSED);
        assertThat(actions()).containsExactly("broker.enroll", "broker.certificate");
        done(enroll(B2, renewed, "b2.example")); // with the server key that it has already
    }

    private Outcome<EnrollNode.Enrolled> enroll(BrokerName name, KeyPair key, String... names) {
        return house.nodes.enroll(ADMIN, order(name, key, false, names));
    }

    private EnrollNode.Order order(BrokerName name, KeyPair key, boolean replace, String... names) {
        return order(name, key, server, replace, names);
    }

    private static EnrollNode.Order order(
            BrokerName name, KeyPair feed, KeyPair server, boolean replace, String... names) {
        return new EnrollNode.Order(
                name,
                List.of(names),
                Pkcs10Request.create(feed, name.value()),
                Pkcs10Request.create(server, name.value()),
                replace);
    }

    private Broker broker() {
        return house.registry.read(view -> view.broker(B2)).orElseThrow();
    }

    private List<String> actions() {
        return house.registry.read(view -> view.audit(0, 100)).stream()
                .map(AuditEntry::action)
                .filter(action -> action.startsWith("broker."))
                .toList();
    }

    /** The DNS names (2) and addresses (7) of the SAN. */
    private static List<String> names(X509Certificate certificate) {
        try {
            return certificate.getSubjectAlternativeNames().stream()
                    .filter(name -> name.get(0).equals(2) || name.get(0).equals(7))
                    .map(name -> (String) name.get(1))
                    .toList();
        } catch (CertificateParsingException e) {
            throw new IllegalStateException(e);
        }
    }
}

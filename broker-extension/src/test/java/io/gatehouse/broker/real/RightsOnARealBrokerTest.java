package io.gatehouse.broker.real;

import static io.gatehouse.broker.real.RawMqtt.Connect.v5;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.FleetState;
import io.gatehouse.identity.policy.Policy;
import io.gatehouse.identity.policy.Rule;
import io.gatehouse.testkit.HeldCertificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a session may do follows the directory, connected or not, on the real HiveMQ: policy, fleet, attributes, limits. */
class RightsOnARealBrokerTest {
    private static final Duration LIVE_CHANGE = Duration.ofMillis(100);
    private static final int ROUNDS = 5;

    static final Pki PKI = new Pki();
    static FakeService service;
    static BrokerHome home;
    static RealBroker broker;
    static RawMqtt sender;

    @BeforeAll
    static void start() throws Exception {
        service = new FakeService(PKI);
        service.change(World.fleet("f", World.TELEMETRY), World.fleet("apps", World.EVERYTHING));
        home = BrokerHome.ready(PKI, service.url());
        broker = RealBroker.startReady(home);
        sender = connected(known("app", "apps"), v5("app"));
    }

    @AfterAll
    static void stop() {
        sender.close();
        broker.close();
        home.close();
        service.close();
    }

    static HeldCertificate known(String device, String fleet) {
        var held = PKI.device(device);
        service.awaitEnforced(service.change(World.device(device, fleet), World.valid(device, held)));
        return held;
    }

    static RawMqtt connected(HeldCertificate held, RawMqtt.Connect connect) {
        var mqtt = broker.connection(held);
        assertThat(mqtt.connect(connect).code()).isZero();
        return mqtt;
    }

    private static void leave(RawMqtt mqtt) {
        mqtt.disconnect();
        assertThat(mqtt.next().closed()).isTrue();
    }

    @Test
    void a_moved_device_has_the_rights_of_its_new_fleet_without_a_reconnect() {
        service.change(
                World.fleet("old", Policy.of(Rule.publishing("old/#"), Rule.subscribing("old/#"))),
                World.fleet("new", Policy.of(Rule.publishing("new/#"), Rule.subscribing("new/#"))));
        var held = known("m-1", "old");
        try (var mqtt = connected(held, v5("m-1"))) {
            assertThat(mqtt.subscribe("old/x", 1).code()).isEqualTo(1);
            service.awaitEnforced(service.change(World.device("m-1", "new")));
            assertThat(mqtt.subscribe("new/x", 1).code()).isEqualTo(1);
            sender.publish("old/x", "hidden");
            sender.publish("new/x", "seen");
            assertThat(mqtt.next().text()).endsWith("seen");
            assertThat(mqtt.publish("new/y", "1").code()).isIn(0, 0x10);
            assertThat(mqtt.publish("old/y", "1").code()).isEqualTo(0x87);
        }
    }

    @Test
    void a_changed_attribute_changes_the_rights_without_a_reconnect() {
        service.change(World.fleet("sites", Policy.of(Rule.subscribing("sites/${attr.site}/#"))));
        var held = PKI.device("a-1");
        service.awaitEnforced(service.change(at("a-1", "north"), World.valid("a-1", held)));
        try (var mqtt = connected(held, v5("a-1"))) {
            assertThat(mqtt.subscribe("sites/north/x", 1).code()).isEqualTo(1);
            assertThat(mqtt.subscribe("sites/south/x", 1).code()).isEqualTo(0x87);
            service.awaitEnforced(service.change(at("a-1", "south")));
            assertThat(mqtt.subscribe("sites/south/x", 1).code()).isEqualTo(1);
            sender.publish("sites/north/x", "hidden");
            sender.publish("sites/south/x", "seen");
            assertThat(mqtt.next().text()).endsWith("seen");
        }
    }

    private static Entry at(String device, String site) {
        return new Entry.DeviceEntry(
                DeviceId.of(device), FleetName.of("sites"), DeviceState.ACTIVE, Map.of("site", site), 0);
    }

    /** The best of some, because the machine may be busy; in an idle one all are. */
    @Test
    void a_new_policy_binds_live_sessions_within_100_ms() {
        List<Duration> took = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            String fleet = "quick-" + i;
            service.change(World.fleet(fleet, Policy.of(Rule.publishing("a/#"))));
            try (var mqtt = connected(known("q-" + i, fleet), v5("q-" + i))) {
                assertThat(mqtt.publish("a/x", "1").code()).isIn(0, 0x10);
                long began = System.nanoTime();
                service.change(World.fleet(fleet, Policy.of(Rule.publishing("b/#"))));
                while (mqtt.publish("a/x", "1").code() != 0x87) {
                    assertThat(System.nanoTime() - began)
                            .isLessThan(Duration.ofSeconds(20).toNanos());
                }
                took.add(Duration.ofNanos(System.nanoTime() - began));
            }
        }
        assertThat(took).anyMatch(time -> time.compareTo(LIVE_CHANGE) <= 0);
    }

    @Test
    void a_client_that_is_away_loses_its_part_of_a_shared_subscription() {
        service.change(World.fleet("sharing", Policy.of(Rule.subscribing("work/#"))));
        var away = known("h-1", "sharing");
        try (var worker = connected(known("app-h", "apps"), v5("app-h"));
                var mqtt = connected(away, v5("h-1").persistent())) {
            assertThat(mqtt.subscribe("$share/g/work/x", 1).code()).isEqualTo(1);
            leave(mqtt);
            service.awaitEnforced(service.change(World.fleet("sharing", Policy.of(Rule.publishing("other/#")))));
            assertThat(worker.subscribe("$share/g/work/x", 1).code()).isEqualTo(1);
            try (var back = connected(away, v5("h-1").persistent())) {
                for (int i = 0; i < ROUNDS; i++) {
                    sender.publish("work/x", "job " + i);
                    assertThat(worker.next().text()).endsWith("job " + i);
                }
                back.ping();
            }
        }
    }

    @Test
    void a_lowered_limit_ends_the_newest_sessions_and_they_do_not_come_back() {
        service.change(World.fleet("crowd", World.TELEMETRY, FleetState.ACTIVE, 3));
        var held = known("l-1", "crowd");
        try (var first = connected(held, v5("l-1:a").persistent());
                var second = connected(held, v5("l-1:b").persistent());
                var third = connected(held, v5("l-1:c").persistent())) {
            service.awaitEnforced(service.change(World.fleet("crowd", World.TELEMETRY, FleetState.ACTIVE, 2)));
            assertThat(third.next().text()).contains("session-limit");
            assertThat(third.next().closed()).isTrue();
            first.ping();
            second.ping();
            try (var again = broker.connection(held)) {
                assertThat(again.connect(v5("l-1:c").persistent()).text()).contains("session-limit");
            }
            leave(second);
            try (var back = connected(held, v5("l-1:b").persistent())) {
                back.ping();
            }
        }
    }

    @Test
    void a_resumed_tls_session_gets_no_further_than_its_certificate() {
        var held = known("t-1", "f");
        var tls = held.sslContext(List.of(PKI.servicesRoot.certificate()));
        try (var first = RawMqtt.open(tls, home.port)) {
            assertThat(first.connect(v5("t-1")).code()).isZero();
            first.ping();
            try (var resumed = RawMqtt.open(tls, home.port)) {
                assertThat(resumed.connect(v5("t-1")).code()).isZero();
                assertThat(created(resumed)).isEqualTo(created(first));
                service.change(World.certificate("t-1", held, CertificateState.REVOKED));
                assertThat(resumed.next().text()).contains("revoked");
            }
        }
        try (var again = RawMqtt.open(tls, home.port)) {
            assertThat(again.connect(v5("t-1")).text()).contains("revoked");
        }
    }

    private static long created(RawMqtt mqtt) {
        return ((SSLSocket) mqtt.socket).getSession().getCreationTime();
    }
}

package io.gatehouse.enrollment.app;

import static io.gatehouse.enrollment.app.House.ADMIN;
import static io.gatehouse.enrollment.app.House.FLEET;
import static io.gatehouse.enrollment.app.House.done;
import static io.gatehouse.enrollment.app.House.reason;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.app.domain.Fleet;
import io.gatehouse.enrollment.app.domain.Page;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.FleetKind;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.identity.RevocationReason;
import io.gatehouse.identity.policy.DefaultPolicies;
import io.gatehouse.identity.policy.Explanation;
import io.gatehouse.identity.policy.Policy;
import io.gatehouse.identity.policy.Rule;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetsAndPoliciesTest {
    @TempDir
    Path temp;

    private House house;

    @BeforeEach
    void open() {
        house = new House(temp.resolve("gatehouse.db")).withFleet();
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void a_new_fleet_has_the_defaults_and_is_read_back_as_it_was_made() {
        var fleet = done(house.fleets.get(FLEET));

        assertThat(fleet.lifetime()).isEqualTo(Duration.ofDays(90));
        assertThat(fleet.sessionsMax()).isEqualTo(1);
        assertThat(fleet.policy()).isEqualTo(DefaultPolicies.of(FleetKind.DEVICE));
        assertThat(fleet.version()).isEqualTo(1);
        assertThat(reason(house.fleets.create(ADMIN, wanted(FLEET, Optional.empty(), Optional.empty()))))
                .isEqualTo(RefusalReason.ALREADY_EXISTS);
    }

    @Test
    void lifetime_and_sessions_have_bounds() {
        var name = FleetName.of("x");

        assertThat(reason(
                        house.fleets.create(ADMIN, wanted(name, Optional.of(Duration.ofSeconds(4)), Optional.empty()))))
                .isEqualTo(RefusalReason.BAD_REQUEST);
        assertThat(reason(house.fleets.create(ADMIN, wanted(name, Optional.empty(), Optional.of(0)))))
                .isEqualTo(RefusalReason.BAD_REQUEST);
        done(house.fleets.create(ADMIN, wanted(name, Optional.of(Duration.ofSeconds(5)), Optional.of(3))));
    }

    @Test
    void fleets_are_listed_by_pages() {
        house.fleet(FleetName.of("a"));
        house.fleet(FleetName.of("z"));
        var first = done(house.fleets.list(new Page(Optional.empty(), 2)));
        var second = done(house.fleets.list(new Page(first.next(), 2)));

        assertThat(first.items()).extracting(Fleet::name).containsExactly(FleetName.of("a"), FLEET);
        assertThat(second.items()).extracting(Fleet::name).containsExactly(FleetName.of("z"));
        assertThat(second.next()).isEmpty();
    }

    @Test
    void a_policy_is_replaced_only_when_it_is_still_the_one_that_was_read() {
        var policy = Policy.of(Rule.publishing("sites/${attr.site}/#"));
        assertThat(reason(house.policies.put(ADMIN, FLEET, policy, Optional.of(7L))))
                .isEqualTo(RefusalReason.CONFLICT);
        var changed = done(house.policies.put(ADMIN, FLEET, policy, Optional.of(1L)));

        assertThat(changed.version()).isEqualTo(2);
        assertThat(done(house.fleets.get(FLEET)).policy()).isEqualTo(policy);
        assertThat(reason(house.policies.put(ADMIN, FleetName.of("none"), policy, Optional.empty())))
                .isEqualTo(RefusalReason.UNKNOWN_FLEET);
    }

    @Test
    void a_policy_too_large_for_a_line_of_the_feed_is_refused() {
        var filters = IntStream.range(0, 60).mapToObj(i -> i + "x".repeat(1000)).toArray(String[]::new);
        var policy = Policy.of(Rule.publishing(filters), Rule.publishing(filters));

        assertThat(reason(house.policies.put(ADMIN, FLEET, policy, Optional.empty())))
                .isEqualTo(RefusalReason.TOO_LARGE);
    }

    @Test
    void explain_names_the_rule() {
        var pump = house.gadget("pump-1").enrolled();

        assertThat(publish(pump.id, "devices/pump-1/telemetry/t").rule()).isEqualTo(1);
        assertThat(publish(pump.id, "devices/pump-2/telemetry/t").whyNot())
                .singleElement()
                .asString()
                .endsWith("but device is pump-1");
        assertThat(subscribe(pump.id, "devices/pump-1/commands/#").rule()).isEqualTo(2);
        assertThat(subscribe(pump.id, "#").allowed()).isFalse();
        assertThat(reason(house.policies.explainPublish(pump.id, "a/#", 0, Optional.empty())))
                .isEqualTo(RefusalReason.BAD_REQUEST);
        assertThat(reason(house.policies.explainPublish(house.gadget("who").id, "a", 0, Optional.empty())))
                .isEqualTo(RefusalReason.UNKNOWN_DEVICE);
    }

    @Test
    void explain_takes_a_device_in_whatever_state() {
        var pump = house.gadget("pump-1").enrolled();
        for (var state : List.<Consumer<DeviceId>>of(
                id -> done(house.devices.suspend(ADMIN, id)),
                id -> done(house.devices.resume(ADMIN, id)),
                id -> done(house.devices.revoke(ADMIN, id, RevocationReason.UNSPECIFIED, Duration.ZERO)),
                id -> done(house.devices.decommission(ADMIN, id)))) {
            state.accept(pump.id);
            assertThat(publish(pump.id, "devices/pump-1/telemetry/t").allowed()).isTrue();
        }
    }

    private Explanation publish(DeviceId device, String topic) {
        return done(house.policies.explainPublish(device, topic, 0, Optional.empty()))
                .explanation();
    }

    private Explanation subscribe(DeviceId device, String filter) {
        return done(house.policies.explainSubscribe(device, filter, 0)).explanation();
    }

    @Test
    void the_admin_token_is_good_from_loopback_only() {
        var tokens = new Tokens(new SecureRandom());

        assertThat(done(tokens.authenticate(tokens.adminToken(), true)).name()).isEqualTo("admin-token");
        assertThat(reason(tokens.authenticate(tokens.adminToken(), false))).isEqualTo(RefusalReason.NOT_AUTHENTICATED);
        assertThat(reason(tokens.authenticate("wrong", true))).isEqualTo(RefusalReason.NOT_AUTHENTICATED);
    }

    @Test
    void a_bad_cursor_is_refused() {
        assertThat(reason(house.audit.list(new Page(Optional.of("x"), 5)))).isEqualTo(RefusalReason.BAD_REQUEST);
        assertThat(reason(house.claims.list(Optional.empty(), Optional.empty(), new Page(Optional.of("x"), 5))))
                .isEqualTo(RefusalReason.BAD_REQUEST);
    }

    @Test
    void claims_are_listed_by_pages_and_narrowed() {
        var pump = house.gadget("pump-1");
        var ids = List.of(
                pump.claim().claim().id(),
                pump.claim().claim().id(),
                pump.claim().claim().id());
        house.gadget("pump-2").claim();
        var first = done(house.claims.list(Optional.of(FLEET), Optional.of(pump.id), new Page(Optional.empty(), 2)));
        var second = done(house.claims.list(Optional.of(FLEET), Optional.of(pump.id), new Page(first.next(), 2)));

        assertThat(first.items()).extracting("id").containsExactly(ids.get(0), ids.get(1));
        assertThat(second.items()).extracting("id").containsExactly(ids.get(2));
        assertThat(done(house.claims.list(Optional.empty(), Optional.empty(), Page.first()))
                        .items())
                .hasSize(4);
    }

    @Test
    void the_audit_lists_the_newest_first_by_pages() {
        house.gadget("pump-1").enrolled();
        var first = done(house.audit.list(new Page(Optional.empty(), 2)));
        var second = done(house.audit.list(new Page(first.next(), 2)));

        assertThat(first.items()).extracting("action").containsExactly("device.enroll", "claim.create");
        assertThat(second.items()).extracting("action").containsExactly("fleet.create");
    }

    private static Fleets.NewFleet wanted(FleetName name, Optional<Duration> lifetime, Optional<Integer> sessions) {
        return new Fleets.NewFleet(name, FleetKind.DEVICE, lifetime, sessions, Optional.empty(), RulesPatch.NONE);
    }
}

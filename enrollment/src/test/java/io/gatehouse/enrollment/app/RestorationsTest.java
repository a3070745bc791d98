package io.gatehouse.enrollment.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.admission.feed.FeedLine;
import io.gatehouse.enrollment.app.domain.DeviceCertificate;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.identity.RevocationReason;
import io.gatehouse.testkit.Keys;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A home is backed up, lives on, and is restored: what a broker knew further comes back, and nothing else. */
class RestorationsTest extends RestoredHouse {
    private List<CertificateState> states(House.Gadget gadget) {
        return after.certificates(gadget.id()).stream()
                .map(DeviceCertificate::state)
                .toList();
    }

    @Test
    void later_revocations_stay_in_force_and_renewed_devices_go_on() {
        var renewed = before.gadget("renewed").enrolled();
        var revoked = before.gadget("revoked").enrolled();
        var untouched = before.gadget("untouched").enrolled();
        var suspended = before.gadget("suspended").enrolled();
        var gone = before.gadget("gone").enrolled();
        backup();
        var renewedKey = Keys.p256();
        var old = renewed.certificate;
        renewed.certificate = House.parse(House.done(renewed.tryRenew(renewedKey)));
        before.revoke(revoked);
        House.done(before.devices.suspend(House.ADMIN, suspended.id()));
        House.done(before.devices.decommission(House.ADMIN, gone.id()));
        var fresh = before.gadget("fresh").enrolled();
        var lost = before.gadget("lost").enrolled();
        before.revoke(lost);
        restore(Duration.ofHours(1));

        // nobody knows yet; it may become known in a moment
        assertThat(judged(renewed)).isEqualTo(RefusalReason.UNAVAILABLE);
        assertThat(after.restorations.wants(House.B1, Optional.of(position))).isTrue();
        testify(House.B1, known);

        assertThat(after.judged(untouched.certificate)).isInstanceOf(Outcome.Done.class);
        House.done(after.judged(renewed.certificate));
        House.done(after.judged(old));
        assertThat(judged(revoked)).isEqualTo(RefusalReason.REVOKED);
        assertThat(judged(suspended)).isEqualTo(RefusalReason.SUSPENDED);
        assertThat(judged(gone)).isEqualTo(RefusalReason.REVOKED);
        assertThat(judged(lost)).isEqualTo(RefusalReason.REVOKED);
        House.done(after.judged(fresh.certificate));
        // and the whole of it is written down
        var complete = after.row(renewed.certificate);
        assertThat(complete.adopted()).isFalse();
        assertThat(complete.serial()).isEqualTo(renewed.certificate.getSerialNumber());
        byte[] der = after.registry.read(view -> view.der(renewed.sha256()));
        assertThat(der).isNotEmpty();
        assertThat(after.audit.verify().problem()).isEmpty();
        var standing = after.restorations.standing().orElseThrow();
        assertThat(standing.missing()).containsExactly(LIAR);
        assertThat(standing.witnesses().get(0).adopted()).isEqualTo(3);
        assertThat(after.restorations.wants(House.B1, Optional.of(position))).isFalse();
    }

    /** A renewal that was proven: nobody may come back with what it replaced, but for asking once more. */
    @Test
    void what_was_superseded_after_the_backup_is_refused_by_brokers_again() {
        var renewed = before.gadget("renewed").enrolled();
        backup();
        var old = renewed.certificate;
        renewed.certificate = House.parse(House.done(renewed.tryRenew(Keys.p256())));
        House.done(before.describe.describe(List.of(renewed.certificate)));
        restore(Duration.ofHours(1));
        testify(House.B1, known);

        assertThat(after.row(old).retired()).isTrue();
        assertThat(after.row(renewed.certificate).adopted()).isTrue();
        boolean live = after.registry.read(view -> view.hasLive("CN=not shown yet", before.clock.instant()));
        assertThat(live).isTrue();
        assertThat(House.reason(new CertificateLists(after.registry).get(renewed.sha256())))
                .isEqualTo(RefusalReason.CONFLICT);
    }

    @Test
    void brokers_hear_of_it_as_of_any_other_change() {
        var renewed = before.gadget("renewed").enrolled();
        var revoked = before.gadget("revoked").enrolled();
        backup();
        renewed.certificate = House.parse(House.done(renewed.tryRenew(Keys.p256())));
        before.revoke(revoked);
        var begun = restore(Duration.ofHours(1));
        assertThat(after.epoch()).isNotEqualTo(begun.formerEpoch());
        long revision = after.revision();
        testify(House.B1, known);
        var told = after.toldSince(revision);
        assertThat(told)
                .anySatisfy(entry -> assertThat(entry)
                        .isInstanceOfSatisfying(Entry.CertificateEntry.class, certificate -> {
                            assertThat(certificate.sha256()).isEqualTo(renewed.sha256());
                            assertThat(certificate.state()).isEqualTo(CertificateState.VALID);
                        }))
                .anySatisfy(entry -> assertThat(entry).isInstanceOfSatisfying(Entry.DeviceEntry.class, device -> {
                    assertThat(device.id()).isEqualTo(revoked.id());
                    assertThat(device.revocations()).isEqualTo(1);
                }));
        var lines = new ArrayList<FeedLine>();
        after.hub.snapshot(House.B1, line -> lines.add(House.line(line)));
        assertThat(lines)
                .filteredOn(Entry.CertificateEntry.class::isInstance)
                .extracting(line -> ((Entry.CertificateEntry) line).sha256())
                .contains(renewed.sha256());
    }

    @Test
    void in_any_order_and_again_and_again_the_same_comes_of_it() {
        var renewed = before.gadget("renewed").enrolled();
        var revoked = before.gadget("revoked").enrolled();
        backup();
        renewed.certificate = House.parse(House.done(renewed.tryRenew(Keys.p256())));
        before.revoke(revoked);
        restore(Duration.ofHours(1));
        var parts = new ArrayList<>(known);
        for (int i = 0; i < 5; i++) {
            Collections.shuffle(parts, new Random(i));
            // killed in the middle: the broker begins anew
            House.done(say(House.B1, parts.subList(0, parts.size() / 2), true, Optional.empty()));
        }
        testify(House.B1, known);
        assertThat(states(renewed)).containsExactlyInAnyOrder(CertificateState.VALID, CertificateState.VALID);
        assertThat(judged(revoked)).isEqualTo(RefusalReason.REVOKED);
        assertThat(after.registry
                        .read(view -> view.device(revoked.id()))
                        .orElseThrow()
                        .revocations())
                .isEqualTo(1);
        assertThat(after.audit.verify().holds()).isTrue();
    }

    @Test
    void a_device_that_was_revoked_and_let_in_again_by_a_claim_is_in_again() {
        var device = before.gadget("device").enrolled();
        var old = device.certificate;
        backup();
        before.revoke(device);
        device.key(Keys.p256());
        device.enrolled();
        restore(Duration.ofHours(1));
        testify(House.B1, known);
        House.done(after.judged(device.certificate));
        assertThat(House.reason(after.judged(old))).isEqualTo(RefusalReason.REVOKED);
    }

    @Test
    void a_lying_broker_brings_nothing_back_that_is_revoked_and_nobody_in() {
        var revoked = before.gadget("revoked").enrolled();
        var victim = before.gadget("victim").enrolled();
        before.revoke(revoked);
        backup();
        var attacker = before.gadget("attacker").enrolled();
        restore(Duration.ofHours(1));
        var valid = List.<Entry>of(
                new Entry.DeviceEntry(revoked.id(), House.FLEET, DeviceState.ACTIVE, Map.of("site", "all"), 0),
                certificate(revoked.sha256(), revoked.id(), CertificateState.VALID),
                // the attacker's own certificate, under the victim's name
                certificate(attacker.sha256(), victim.id(), CertificateState.VALID),
                certificate(Fingerprint.sha256(new byte[] {7}), DeviceId.of("nobody"), CertificateState.VALID));
        testify(LIAR, valid);
        assertThat(judged(revoked)).isEqualTo(RefusalReason.REVOKED);
        assertThat(after.registry
                        .read(view -> view.device(revoked.id()))
                        .orElseThrow()
                        .attributes())
                .isEmpty();
        testify(House.B1, known);
        // the certificate says whose it is
        assertThat(House.done(after.judged(attacker.certificate)).device().id()).isEqualTo(attacker.id());
        assertThat(after.certificates(victim.id()))
                .extracting(DeviceCertificate::sha256)
                .containsExactly(victim.sha256());
    }

    private Entry certificate(Fingerprint sha256, DeviceId device, CertificateState state) {
        Instant now = before.clock.instant();
        return new Entry.CertificateEntry(
                sha256, device, state, Optional.empty(), now.minusSeconds(300), now.plusSeconds(86_400));
    }

    @Test
    void a_revocation_that_one_witness_knows_outlives_another_that_does_not() {
        var device = before.gadget("device").enrolled();
        backup();
        device.certificate = House.parse(House.done(device.tryRenew(Keys.p256())));
        House.done(before.devices.revokeCertificate(
                House.ADMIN, device.sha256(), RevocationReason.KEY_COMPROMISE, Duration.ZERO));
        restore(Duration.ofHours(1));
        testify(House.B1, known);
        testify(LIAR, List.of(certificate(device.sha256(), device.id(), CertificateState.VALID)));
        assertThat(judged(device)).isEqualTo(RefusalReason.REVOKED);
        assertThat(after.restorations.standing().orElseThrow().open()).isFalse();
    }

    @Test
    void a_fleet_that_was_not_in_the_backup_waits_for_a_person_to_look_at_it() {
        backup();
        var fleet = FleetName.of("new-fleet");
        before.fleet(fleet);
        restore(Duration.ofHours(1));
        testify(House.B1, known);
        var restored = after.registry.read(view -> view.fleet(fleet)).orElseThrow();
        assertThat(restored.state().word()).isEqualTo("suspended");
    }

    @Test
    void without_a_witness_nothing_that_came_later_is_known_and_claims_are_cancelled() {
        var revoked = before.gadget("revoked").enrolled();
        var renewed = before.gadget("renewed").enrolled();
        var claim = before.gadget("waiting").claim();
        backup();
        before.revoke(revoked);
        renewed.certificate = House.parse(House.done(renewed.tryRenew(Keys.p256())));
        var begun = restore(Duration.ZERO);
        assertThat(begun.claims()).isEqualTo(1);
        assertThat(after.restorations.wants(House.B1, Optional.of(position))).isFalse();
        assertThat(House.reason(say(House.B1, known, true, Optional.empty()))).isEqualTo(RefusalReason.CONFLICT);
        House.done(after.judged(revoked.certificate));
        assertThat(judged(renewed)).isEqualTo(RefusalReason.UNKNOWN_CERTIFICATE);
        assertThat(House.reason(after.gadget("waiting").tryEnroll(claim.secret().orElseThrow())))
                .isEqualTo(RefusalReason.CLAIM_CANCELLED);
    }

    @Test
    void witnesses_are_asked_for_a_while_only() {
        backup();
        before.gadget("later").enrolled();
        restore(Duration.ofHours(1));
        after.clock.advance(Duration.ofHours(2));
        assertThat(after.restorations.wants(House.B1, Optional.of(position))).isFalse();
    }

    @Test
    void a_broker_that_renewed_its_certificate_after_the_backup_is_let_in_to_speak() throws Exception {
        backup();
        var key = Keys.p256();
        var certificate = House.done(before.brokers.certificate(
                House.B1, Brokers.Use.FEED, io.gatehouse.x509.Pkcs10Request.create(key, "b1")));
        restore(Duration.ofHours(1));
        assertThat(House.done(after.brokers.identify(List.of(certificate)))).isEqualTo(House.B1);
        House.done(after.restorations.finish(House.ADMIN));
        // known from now on; another is not
        assertThat(House.done(after.brokers.identify(List.of(certificate)))).isEqualTo(House.B1);
        var another = House.done(before.brokers.certificate(
                House.B1, Brokers.Use.FEED, io.gatehouse.x509.Pkcs10Request.create(Keys.p256(), "b1")));
        assertThat(House.reason(after.brokers.identify(List.of(another)))).isEqualTo(RefusalReason.UNKNOWN_CERTIFICATE);
    }
}

package io.gatehouse.enrollment.app;

import static io.gatehouse.enrollment.app.House.ADMIN;
import static io.gatehouse.enrollment.app.House.FLEET;
import static io.gatehouse.enrollment.app.House.done;
import static io.gatehouse.enrollment.app.House.parse;
import static io.gatehouse.enrollment.app.House.reason;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.admission.feed.Entry.CertificateEntry;
import io.gatehouse.admission.feed.Entry.DeviceEntry;
import io.gatehouse.admission.feed.Entry.FleetEntry;
import io.gatehouse.enrollment.app.port.View.ListedCertificate;
import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.identity.FleetState;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.identity.RevocationReason;
import io.gatehouse.testkit.Keys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table "What ends what" of the contract, cell by cell, as far as the service decides it. */
class WhatEndsWhatTest {
    @TempDir
    Path temp;

    private House house;
    private House.Gadget pump;
    private long before;

    @BeforeEach
    void open() {
        house = new House(temp.resolve("gatehouse.db")).withFleet();
        pump = house.gadget("pump-1").enrolled();
        before = house.revision();
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void suspend_holds_device_and_certificates_and_keeps_claims_for_later() {
        String open = pump.claim().secret().orElseThrow();
        done(house.devices.suspend(ADMIN, pump.id));

        assertThat(pump.row().state()).isEqualTo(DeviceState.SUSPENDED);
        assertThat(house.row(pump.certificate).state()).isEqualTo(CertificateState.HELD);
        assertThat(listed()).extracting(ListedCertificate::reasonCode).containsExactly(6);
        assertThat(reason(house.judged(pump.certificate))).isEqualTo(RefusalReason.SUSPENDED);
        assertThat(reason(pump.tryEnroll(open))).isEqualTo(RefusalReason.SUSPENDED);
        assertThat(reason(pump.tryRenew(Keys.p256()))).isEqualTo(RefusalReason.SUSPENDED);
        assertThat(told(DeviceEntry.class)).extracting(DeviceEntry::state).containsExactly(DeviceState.SUSPENDED);
        assertThat(told(DeviceEntry.class)).extracting(DeviceEntry::revocations).containsExactly(0);
        assertThat(told(CertificateEntry.class))
                .extracting(CertificateEntry::state)
                .containsExactly(CertificateState.HELD);

        done(house.devices.resume(ADMIN, pump.id));
        pump.key = Keys.p256();
        done(pump.tryEnroll(open));
    }

    @Test
    void resume_makes_active_again_and_releases_what_was_held() {
        done(house.devices.suspend(ADMIN, pump.id));
        before = house.revision();
        done(house.devices.resume(ADMIN, pump.id));

        assertThat(pump.row().state()).isEqualTo(DeviceState.ACTIVE);
        assertThat(house.row(pump.certificate).state()).isEqualTo(CertificateState.VALID);
        assertThat(listed()).isEmpty();
        done(house.judged(pump.certificate));
        assertThat(told(CertificateEntry.class))
                .extracting(CertificateEntry::state)
                .containsExactly(CertificateState.VALID);
    }

    @Test
    void revoke_leaves_no_valid_certificate_and_cancels_claims() {
        String open = pump.claim().secret().orElseThrow();
        revoke();

        assertThat(pump.row().state()).isEqualTo(DeviceState.ACTIVE);
        assertThat(pump.row().shownState()).isEqualTo("revoked");
        assertThat(house.row(pump.certificate).reason()).contains(RevocationReason.PRIVILEGE_WITHDRAWN);
        assertThat(listed()).extracting(ListedCertificate::reasonCode).containsExactly(9);
        assertThat(reason(house.judged(pump.certificate))).isEqualTo(RefusalReason.REVOKED);
        assertThat(reason(pump.tryRenew(Keys.p256()))).isEqualTo(RefusalReason.REVOKED);
        var described = done(house.describe.describe(List.of(pump.certificate)));
        assertThat(described.state()).isEqualTo("revoked");
        assertThat(described.reason()).contains(RefusalReason.REVOKED);
        pump.key = Keys.p256();
        assertThat(reason(pump.tryEnroll(open))).isEqualTo(RefusalReason.CLAIM_CANCELLED);
        assertThat(told(DeviceEntry.class)).extracting(DeviceEntry::revocations).containsExactly(1);
        assertThat(told(CertificateEntry.class))
                .extracting(CertificateEntry::state)
                .containsExactly(CertificateState.REVOKED);
    }

    @Test
    void after_a_revocation_only_a_later_claim_with_a_key_never_used_before_lets_in_again() {
        var neighbour = house.gadget("pump-2").enrolled();
        var oldKey = pump.key;
        revoke();
        String later = pump.claim().secret().orElseThrow();
        assertThat(reason(pump.tryEnroll(later))).isEqualTo(RefusalReason.KEY_REUSED);
        pump.key = neighbour.key;
        assertThat(reason(pump.tryEnroll(later))).isEqualTo(RefusalReason.KEY_REUSED);
        pump.key = Keys.p256();
        pump.certificate = parse(done(pump.tryEnroll(later)));

        assertThat(pump.row().shownState()).isEqualTo("active");
        done(house.judged(pump.certificate));
        assertThat(reason(pump.tryRenew(oldKey))).isEqualTo(RefusalReason.KEY_REUSED);
    }

    @Test
    void the_claim_that_the_revoked_device_had_used_gives_nothing_any_more() {
        var other = house.gadget("pump-2");
        String used = other.claim().secret().orElseThrow();
        done(other.tryEnroll(used));
        done(house.devices.revoke(ADMIN, other.id, RevocationReason.UNSPECIFIED, Duration.ZERO));

        assertThat(reason(other.tryEnroll(used))).isEqualTo(RefusalReason.REVOKED);
    }

    @Test
    void revoking_again_changes_nothing_but_cancels_claims_made_since() {
        revoke();
        long after = house.revision();
        long audited = house.audit.verify().entries();
        revoke();
        assertThat(house.revision()).isEqualTo(after);
        assertThat(house.audit.verify().entries()).isEqualTo(audited);

        String open = pump.claim().secret().orElseThrow();
        revoke();
        pump.key = Keys.p256();
        assertThat(reason(pump.tryEnroll(open))).isEqualTo(RefusalReason.CLAIM_CANCELLED);
    }

    @Test
    void a_suspended_device_can_be_revoked() {
        done(house.devices.suspend(ADMIN, pump.id));
        revoke();

        assertThat(pump.row().shownState()).isEqualTo("revoked");
        assertThat(listed()).extracting(ListedCertificate::reasonCode).containsExactly(9);
    }

    @Test
    void revoke_puts_superseded_certificates_that_have_not_ended_on_the_list() {
        var first = pump.certificate;
        pump.certificate = parse(done(pump.tryRenew(Keys.p256())));
        done(house.describe.describe(List.of(pump.certificate)));
        assertThat(listed()).isEmpty();
        revoke();

        assertThat(listed())
                .extracting(ListedCertificate::serial)
                .containsExactlyInAnyOrder(first.getSerialNumber(), pump.certificate.getSerialNumber());
    }

    @Test
    void decommission_is_final() {
        String open = pump.claim().secret().orElseThrow();
        done(house.devices.decommission(ADMIN, pump.id));

        assertThat(pump.row().state()).isEqualTo(DeviceState.DECOMMISSIONED);
        assertThat(house.row(pump.certificate).reason()).contains(RevocationReason.CESSATION_OF_OPERATION);
        assertThat(listed()).extracting(ListedCertificate::reasonCode).containsExactly(5);
        assertThat(reason(house.judged(pump.certificate))).isEqualTo(RefusalReason.DECOMMISSIONED);
        assertThat(reason(pump.tryEnroll(open))).isEqualTo(RefusalReason.DECOMMISSIONED);
        assertThat(reason(house.claims.create(ADMIN, House.newClaim(pump.id)))).isEqualTo(RefusalReason.DECOMMISSIONED);
        assertThat(told(DeviceEntry.class)).extracting(DeviceEntry::revocations).containsExactly(1);
        assertThat(reason(house.devices.resume(ADMIN, pump.id))).isEqualTo(RefusalReason.DECOMMISSIONED);
        assertThat(reason(house.devices.suspend(ADMIN, pump.id))).isEqualTo(RefusalReason.DECOMMISSIONED);
        assertThat(reason(house.devices.revoke(ADMIN, pump.id, RevocationReason.UNSPECIFIED, Duration.ZERO)))
                .isEqualTo(RefusalReason.DECOMMISSIONED);
        long after = house.revision();
        done(house.devices.decommission(ADMIN, pump.id));
        assertThat(house.revision()).isEqualTo(after);
    }

    @Test
    void certificate_revoke_ends_that_one_and_leaves_device_and_claims() {
        String open = pump.claim().secret().orElseThrow();
        var renewed = parse(done(pump.tryRenew(Keys.p256())));
        before = house.revision();
        done(house.devices.revokeCertificate(ADMIN, pump.sha256(), RevocationReason.UNSPECIFIED, Duration.ZERO));

        assertThat(pump.row().shownState()).isEqualTo("active");
        assertThat(reason(house.judged(pump.certificate))).isEqualTo(RefusalReason.REVOKED);
        assertThat(told(DeviceEntry.class)).isEmpty();
        done(house.judged(renewed));
        done(pump.tryRenew(renewed, Keys.p256()));
        pump.key = Keys.p256();
        done(pump.tryEnroll(open));
    }

    @Test
    void superseded_is_not_on_the_list() {
        var renewed = parse(done(pump.tryRenew(Keys.p256())));
        before = house.revision();
        done(house.describe.describe(List.of(renewed)));

        assertThat(house.row(pump.certificate).state()).isEqualTo(CertificateState.SUPERSEDED);
        assertThat(listed()).isEmpty();
        assertThat(told(DeviceEntry.class)).isEmpty();
        assertThat(told(CertificateEntry.class))
                .extracting(CertificateEntry::state)
                .contains(CertificateState.SUPERSEDED);
    }

    @Test
    void fleet_suspend_is_one_change_and_touches_no_certificate() {
        String open = house.gadget("pump-2").claim().secret().orElseThrow();
        done(house.fleets.suspend(ADMIN, FLEET));

        assertThat(house.revision()).isEqualTo(before + 1);
        assertThat(told(FleetEntry.class)).extracting(FleetEntry::state).containsExactly(FleetState.SUSPENDED);
        assertThat(house.row(pump.certificate).state()).isEqualTo(CertificateState.VALID);
        assertThat(reason(house.judged(pump.certificate))).isEqualTo(RefusalReason.SUSPENDED);
        assertThat(done(house.describe.describe(List.of(pump.certificate))).state())
                .isEqualTo("suspended");
        assertThat(reason(pump.tryRenew(Keys.p256()))).isEqualTo(RefusalReason.SUSPENDED);
        var second = house.gadget("pump-2");
        assertThat(reason(second.tryEnroll(open))).isEqualTo(RefusalReason.SUSPENDED);

        done(house.fleets.resume(ADMIN, FLEET));
        done(house.judged(pump.certificate));
        done(second.tryEnroll(open));
    }

    @Test
    void who_is_unknown_cannot_be_acted_on() {
        var nobody = house.gadget("nobody").id;

        assertThat(reason(house.devices.suspend(ADMIN, nobody))).isEqualTo(RefusalReason.UNKNOWN_DEVICE);
        assertThat(reason(house.devices.revoke(ADMIN, nobody, RevocationReason.UNSPECIFIED, Duration.ZERO)))
                .isEqualTo(RefusalReason.UNKNOWN_DEVICE);
        assertThat(reason(house.devices.get(house.gadget("PUMP-1").id))).isEqualTo(RefusalReason.UNKNOWN_DEVICE);
    }

    @Test
    void attributes_are_set_and_taken_away() {
        done(house.devices.patch(
                ADMIN, pump.id, new Devices.Patch(Optional.empty(), Map.of("site", Optional.of("ulm")))));
        assertThat(told(DeviceEntry.class)).extracting(DeviceEntry::attributes).containsExactly(Map.of("site", "ulm"));
        done(house.devices.patch(
                ADMIN, pump.id, new Devices.Patch(Optional.empty(), Map.of("site", Optional.empty()))));
        assertThat(pump.row().attributes()).isEmpty();
        assertThat(reason(house.devices.patch(
                        ADMIN, pump.id, new Devices.Patch(Optional.empty(), Map.of("site", Optional.of("a/b"))))))
                .isEqualTo(RefusalReason.BAD_REQUEST);
    }

    private void revoke() {
        done(house.devices.revoke(ADMIN, pump.id, RevocationReason.PRIVILEGE_WITHDRAWN, Duration.ZERO));
    }

    private List<ListedCertificate> listed() {
        var listed = new ArrayList<ListedCertificate>();
        var issuer = house.issuer.devicesCa().getSubjectX500Principal().getName();
        house.registry.read(view -> {
            view.listed(issuer, house.clock.instant(), listed::add);
            return true;
        });
        return listed;
    }

    private <T extends Entry> List<T> told(Class<T> kind) {
        return house.toldSince(before).stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }
}

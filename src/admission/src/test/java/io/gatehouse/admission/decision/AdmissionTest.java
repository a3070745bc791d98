package io.gatehouse.admission.decision;

import static io.gatehouse.admission.Directories.FROM;
import static io.gatehouse.admission.Directories.NOW;
import static io.gatehouse.admission.Directories.TO;
import static io.gatehouse.admission.Directories.certificate;
import static io.gatehouse.admission.Directories.device;
import static io.gatehouse.admission.Directories.fleet;
import static io.gatehouse.admission.Directories.sha256;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.admission.replica.Directory;
import io.gatehouse.admission.replica.Loaded;
import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.identity.FleetState;
import io.gatehouse.identity.RefusalReason;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionTest {
    private static final Duration MAX_STALE = Duration.ofHours(24);

    private final Admission admission = new Admission(MAX_STALE);

    @Test
    void admits_an_active_device_with_its_valid_certificate() {
        var directory = directory(fleet("f"), device("d-1", "f"), certificate("c", "d-1"));

        assertThat(decide(directory, "d-1", NOW)).isInstanceOfSatisfying(Decision.Admit.class, admit -> {
            assertThat(admit.device()).isEqualTo(DeviceId.of("d-1"));
            assertThat(admit.fleet().value()).isEqualTo("f");
            assertThat(admit.certificate()).isEqualTo(sha256("c"));
            assertThat(admit.notAfter()).isEqualTo(TO);
            assertThat(admit.subject().attributes()).containsEntry("site", "oslo");
            assertThat(admit.policy().publish(admit.subject(), "devices/d-1/telemetry/t", 1, false))
                    .isPresent();
            assertThat(admit.policy().publish(admit.subject(), "devices/d-2/telemetry/t", 1, false))
                    .isEmpty();
        });
    }

    @Test
    void refuses_everybody_before_the_first_synchronisation() {
        assertThat(decide(new Directory(), "d-1", NOW)).isEqualTo(refuse(RefusalReason.NOT_SYNCHRONISED));
    }

    @Test
    void refuses_new_connections_when_the_directory_is_stale() {
        var directory = directory(fleet("f"), device("d-1", "f"), certificate("c", "d-1"));

        assertThat(decide(directory, "d-1", NOW.plus(MAX_STALE))).isInstanceOf(Decision.Admit.class);
        assertThat(decide(directory, "d-1", NOW.plus(MAX_STALE).plusMillis(1))).isEqualTo(refuse(RefusalReason.STALE));
        // A clock that was set back while this runs: the running time counts, and that is short.
        assertThat(decide(directory, "d-1", NOW.minus(MAX_STALE).minusMillis(1)))
                .isInstanceOf(Decision.Admit.class);
    }

    @Test
    void refuses_without_a_certificate_and_with_one_that_was_never_issued() {
        var directory = directory(fleet("f"), device("d-1", "f"), certificate("c", "d-1"));

        assertThat(admission.decide(new ConnectRequest(Optional.empty(), "d-1", "tls", NOW), directory))
                .isEqualTo(refuse(RefusalReason.NO_CERTIFICATE));
        assertThat(admission.decide(new ConnectRequest(Optional.of(sha256("forged")), "d-1", "tls", NOW), directory))
                .isEqualTo(refuse(RefusalReason.UNKNOWN_CERTIFICATE));
    }

    @ParameterizedTest
    @CsvSource({
        // certificate, device,       fleet,     connect,        live session
        "valid,        active,         active,    ,               ",
        "superseded,   active,         active,    superseded,     ",
        "held,         active,         active,    held,           held",
        "revoked,      active,         active,    revoked,        revoked",
        "held,         suspended,      active,    suspended,      suspended",
        "valid,        suspended,      active,    suspended,      suspended",
        "revoked,      suspended,      active,    revoked,        revoked",
        "revoked,      decommissioned, active,    decommissioned, decommissioned",
        "valid,        decommissioned, active,    decommissioned, decommissioned",
        "valid,        pending,        active,    pending,        pending",
        "valid,        rejected,       active,    rejected,       rejected",
        "valid,        active,         suspended, suspended,      suspended",
        "superseded,   active,         suspended, superseded,     suspended",
        "revoked,      active,         suspended, revoked,        revoked"
    })
    void answers_for_each_state(String certificate, String device, String fleet, String connect, String live) {
        var directory = directory(
                fleet("f", FleetState.ofWord(fleet).orElseThrow(), 1),
                device("d-1", "f", DeviceState.ofWord(device).orElseThrow(), 0),
                certificate("c", "d-1", CertificateState.ofWord(certificate).orElseThrow()));

        var decision = decide(directory, "d-1", NOW);
        assertThat(decision instanceof Decision.Refuse refuse ? refuse.reason().word() : null)
                .isEqualTo(connect);
        assertThat(admission.endReason(sha256("c"), directory, NOW).map(RefusalReason::word))
                .isEqualTo(Optional.ofNullable(live));
    }

    @Test
    void admits_only_within_the_certificates_time_and_ends_sessions_after_it() {
        var directory = Loaded.directory(NOW, fleet("f"), device("d-1", "f"), certificate("c", "d-1"));
        var patient = new Admission(Duration.ofDays(365));

        assertThat(patient.decide(request("d-1", FROM.minusNanos(1)), directory))
                .isEqualTo(refuse(RefusalReason.NOT_YET_VALID));
        assertThat(patient.decide(request("d-1", FROM), directory)).isInstanceOf(Decision.Admit.class);
        assertThat(patient.decide(request("d-1", TO), directory)).isInstanceOf(Decision.Admit.class);
        assertThat(patient.decide(request("d-1", TO.plusNanos(1)), directory)).isEqualTo(refuse(RefusalReason.EXPIRED));
        assertThat(patient.endReason(sha256("c"), directory, TO)).isEmpty();
        assertThat(patient.endReason(sha256("c"), directory, TO.plusNanos(1))).contains(RefusalReason.EXPIRED);
    }

    @Test
    void refuses_when_device_or_fleet_are_missing() {
        assertThat(decide(directory(fleet("f"), certificate("c", "d-1")), "d-1", NOW))
                .isEqualTo(refuse(RefusalReason.UNKNOWN_DEVICE));
        assertThat(decide(directory(device("d-1", "f"), certificate("c", "d-1")), "d-1", NOW))
                .isEqualTo(refuse(RefusalReason.UNKNOWN_FLEET));
    }

    @Test
    void a_stale_directory_ends_no_session_and_an_unknown_certificate_does() {
        var directory = directory(fleet("f"), device("d-1", "f"), certificate("c", "d-1"));

        assertThat(admission.endReason(sha256("c"), directory, NOW.plus(Duration.ofDays(3))))
                .isEmpty();
        assertThat(admission.endReason(sha256("gone"), directory, NOW)).contains(RefusalReason.UNKNOWN_CERTIFICATE);
        assertThat(admission.endReason(sha256("c"), new Directory(), NOW)).contains(RefusalReason.NOT_SYNCHRONISED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"d-1", "d-1:a", "d-1:0._-Z", "d-1:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})
    void binds_client_ids_of_the_device(String clientId) {
        assertThat(Admission.bound(clientId, DeviceId.of("d-1"), 2)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "d",
                "D-1",
                "d-2",
                "d-10",
                "d-1 ",
                "d-1:",
                "d-1:a b",
                "d-1:a:b",
                "d-1:a/b",
                "d-1:\u0131",
                "d-1:\u00e4",
                "d-1;a",
                "x:d-1",
                "d-1:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void refuses_client_ids_that_are_not_the_devices(String clientId) {
        assertThat(Admission.bound(clientId, DeviceId.of("d-1"), 2)).isFalse();
        var directory = directory(fleet("f", FleetState.ACTIVE, 2), device("d-1", "f"), certificate("c", "d-1"));
        assertThat(decide(directory, clientId, NOW)).isEqualTo(refuse(RefusalReason.CLIENT_ID_MISMATCH));
    }

    @Test
    void a_suffix_is_only_for_fleets_with_more_than_one_session() {
        assertThat(Admission.bound("d-1", DeviceId.of("d-1"), 1)).isTrue();
        assertThat(Admission.bound("d-1:a", DeviceId.of("d-1"), 1)).isFalse();
    }

    private Decision decide(Directory directory, String clientId, Instant now) {
        return admission.decide(request(clientId, now), directory);
    }

    private static ConnectRequest request(String clientId, Instant now) {
        return new ConnectRequest(Optional.of(sha256("c")), clientId, "tls", now);
    }

    private static Decision refuse(RefusalReason reason) {
        return new Decision.Refuse(reason);
    }

    private static Directory directory(Entry... entries) {
        return Loaded.directory(NOW, entries);
    }
}

package io.gatehouse.enrollment.app;

import static io.gatehouse.enrollment.app.House.ADMIN;
import static io.gatehouse.enrollment.app.House.FLEET;
import static io.gatehouse.enrollment.app.House.done;
import static io.gatehouse.enrollment.app.House.parse;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.admission.feed.Report;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.RevocationReason;
import io.gatehouse.testkit.Keys;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The table "What ends what" of the contract as one table: a row for each act, a column for each thing that it may end, as far as the
 * service holds it. The columns of live sessions, and of sessions and queues that are stored, are what brokers make of what they are
 * told: RevocationOnARealBrokerTest and QueuesOnARealBrokerTest show them on a real broker, WhatEndsWhatOnRealPartsTest with this service
 * and a real broker together.
 */
class WhatEndsWhatTableTest {
    private static final Map<String, Consumer<WhatEndsWhatTableTest>> ACTS = Map.ofEntries(
            Map.entry("nothing", test -> {}),
            Map.entry("suspend", test -> done(test.house.devices.suspend(ADMIN, test.pump.id()))),
            Map.entry("resume", test -> {
                done(test.house.devices.suspend(ADMIN, test.pump.id()));
                done(test.house.devices.resume(ADMIN, test.pump.id()));
            }),
            Map.entry(
                    "revoke",
                    test -> done(test.house.devices.revoke(
                            ADMIN, test.pump.id(), RevocationReason.KEY_COMPROMISE, Duration.ZERO))),
            Map.entry("reinstate", test -> {
                done(test.house.devices.revoke(ADMIN, test.pump.id(), RevocationReason.KEY_COMPROMISE, Duration.ZERO));
                done(test.house.devices.reinstate(ADMIN, test.pump.id()));
            }),
            Map.entry("decommission", test -> done(test.house.devices.decommission(ADMIN, test.pump.id()))),
            Map.entry(
                    "certificate revoke",
                    test -> done(test.house.devices.revokeCertificate(
                            ADMIN, test.pump.sha256(), RevocationReason.KEY_COMPROMISE, Duration.ZERO))),
            Map.entry(
                    "superseded",
                    test -> done(test.house.describe.describe(
                            List.of(parse(done(test.pump.tryRenew(test.pump.certificate, Keys.p256()))))))),
            Map.entry("kick", test -> {
                test.house.sessions.apply(BrokerName.of("b1"), test.opened("s-1"));
                done(test.house.devices.kick(ADMIN, "b1.s-1", Duration.ZERO));
            }),
            Map.entry("fleet suspend", test -> done(test.house.fleets.suspend(ADMIN, FLEET))),
            Map.entry("fleet resume", test -> {
                done(test.house.fleets.suspend(ADMIN, FLEET));
                done(test.house.fleets.resume(ADMIN, FLEET));
            }));

    @TempDir
    Path temp;

    private House house;
    private House.Gadget pump;
    private KeyPair first;
    private String used;
    private String open;
    private String ofFleet;
    private String waiting;
    private long before;

    @BeforeEach
    void a_device_with_a_certificate_and_with_claims_of_every_kind() {
        house = new House(temp.resolve("gatehouse.db")).withFleet();
        pump = house.gadget("pump-1");
        first = pump.key();
        used = claim(Optional.of("pump-1"), false);
        pump.certificate = parse(done(pump.tryEnroll(used)));
        done(house.describe.describe(List.of(pump.certificate)));
        open = claim(Optional.of("pump-1"), false);
        ofFleet = claim(Optional.empty(), false);
        waiting = claim(Optional.of("pump-1"), true);
        pump.key(Keys.p256());
        assertThat(word(pump.tryEnroll(waiting))).isEqualTo("pending");
        before = house.revision();
    }

    @AfterEach
    void close() {
        house.close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(useHeadersInDisplayName = true, textBlock = """
            act,                device,         certificate, CRL, may connect,    renew,          used claim,     open claim,      waiting request, fleet's claim,  brokers are told
            nothing,            active,         valid,       -,   yes,            yes,            yes,            yes,             pending,         already-exists, -
            suspend,            suspended,      held,        6,   suspended,      suspended,      suspended,      suspended,       suspended,       suspended,      device suspended 0 & certificate held
            resume,             active,         valid,       -,   yes,            yes,            yes,            yes,             pending,         already-exists, device active 0 & certificate valid
            revoke,             revoked,        revoked,     1,   revoked,        revoked,        revoked,        claim-cancelled, revoked,         revoked,        device active 1 & certificate revoked
            reinstate,          reinstated,     revoked,     1,   revoked,        yes,            revoked,        claim-cancelled, revoked,         revoked,        device active 1 & certificate revoked
            decommission,       decommissioned, revoked,     5,   decommissioned, decommissioned, decommissioned, decommissioned,  decommissioned,  decommissioned, device decommissioned 1 & certificate revoked
            certificate revoke, active,         revoked,     1,   revoked,        revoked,        revoked,        yes,             pending,         already-exists, certificate revoked
            superseded,         active,         superseded,  -,   superseded,     superseded,     claim-spent,    yes,             pending,         already-exists, certificate valid & certificate superseded
            kick,               active,         valid,       -,   yes,            yes,            yes,            yes,             pending,         already-exists, s-1 kicked
            fleet suspend,      active,         valid,       -,   suspended,      suspended,      suspended,      suspended,       suspended,       already-exists, fleet suspended
            fleet resume,       active,         valid,       -,   yes,            yes,            yes,            yes,             pending,         already-exists, fleet active
            """)
    void ends(
            String act,
            String device,
            String certificate,
            String listed,
            String connect,
            String renew,
            String usedClaim,
            String openClaim,
            String waitingRequest,
            String fleetsClaim,
            String told) {
        ACTS.get(act).accept(this);

        assertThat(pump.row().shownState()).as("device").isEqualTo(device);
        assertThat(house.row(pump.certificate).state().word()).as("certificate").isEqualTo(certificate);
        assertThat(listed()).as("CRL").isEqualTo(listed);
        assertThat(told()).as("brokers are told").isEqualTo(told);
        assertThat(word(house.judged(pump.certificate))).as("may connect").isEqualTo(connect);
        assertThat(word(pump.tryEnroll(waiting))).as("waiting request").isEqualTo(waitingRequest);
        var another = pump.key();
        pump.key(first);
        assertThat(word(pump.tryEnroll(used))).as("used claim").isEqualTo(usedClaim);
        pump.key(Keys.p256());
        assertThat(word(pump.tryEnroll(ofFleet))).as("fleet's claim").isEqualTo(fleetsClaim);
        pump.key(another);
        // These two come last, because they change what the others see.
        assertThat(word(pump.tryRenew(pump.certificate, act.equals("reinstate") ? first : Keys.p256())))
                .as("renew")
                .isEqualTo(renew);
        pump.key(Keys.p256());
        assertThat(word(pump.tryEnroll(open))).as("open claim").isEqualTo(openClaim);
    }

    private Report opened(String session) {
        return new Report(
                "e",
                0,
                false,
                List.of(new Report.Opened(
                        session,
                        "pump-1",
                        pump.id(),
                        pump.sha256(),
                        "192.0.2.1",
                        "mqtt",
                        "TLSv1.3",
                        house.clock.instant())),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty());
    }

    private String claim(Optional<String> device, boolean approval) {
        return done(house.claims.create(
                        ADMIN,
                        new Claims.NewClaim(
                                FLEET,
                                device.map(DeviceId::of),
                                Optional.empty(),
                                Optional.empty(),
                                approval,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty())))
                .secret()
                .orElseThrow();
    }

    private static String word(Outcome<?> outcome) {
        return outcome instanceof Outcome.Refused<?> refused ? refused.reason().word() : "yes";
    }

    /** The reason code of the certificate on the devices CA's CRL. */
    private String listed() {
        var codes = new ArrayList<String>();
        house.registry.read(view -> {
            view.listed(
                    pump.certificate.getIssuerX500Principal().getName(),
                    house.clock.instant(),
                    entry -> codes.add(Integer.toString(entry.reasonCode())));
            return true;
        });
        return codes.isEmpty() ? "-" : String.join(" ", codes);
    }

    /** The last word on each thing; a device with how often it was revoked, at which brokers purge what it left behind. */
    private String told() {
        var last = new LinkedHashMap<String, String>();
        for (var entry : house.toldSince(before)) {
            if (entry instanceof Entry.DeviceEntry device) {
                last.put("d", "device " + device.state().word() + " " + device.revocations());
            } else if (entry instanceof Entry.CertificateEntry certificate) {
                last.put(
                        certificate.sha256().hex(),
                        "certificate " + certificate.state().word());
            } else if (entry instanceof Entry.FleetEntry fleet) {
                last.put("f", "fleet " + fleet.state().word());
            }
        }
        house.kickedSince(before).forEach(session -> last.put(session, session + " kicked"));
        return last.isEmpty() ? "-" : last.values().stream().collect(Collectors.joining(" & "));
    }
}

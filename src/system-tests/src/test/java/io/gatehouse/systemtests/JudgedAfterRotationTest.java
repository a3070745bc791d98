package io.gatehouse.systemtests;

import static io.gatehouse.systemtests.RotatedGatehouse.CAS;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.PemText;
import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CRLReason;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.time.Duration;
import java.util.Optional;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** After a rotation, the certificates of the older devices CA and of the new one in the eyes of verifiers and servers that are not ours. */
class JudgedAfterRotationTest {
    private static final Duration CRL_DELAY = Duration.ofSeconds(60);
    private static final Duration SERVER_READY = Duration.ofSeconds(30);
    private static final Optional<CRLReason> NOT_LISTED = Optional.empty();
    private static final Optional<CRLReason> HELD = Optional.of(CRLReason.CERTIFICATE_HOLD);
    private static final Optional<CRLReason> REVOKED = Optional.of(CRLReason.KEY_COMPROMISE);

    private static RotatedGatehouse rotated;

    @TempDir
    Path directory;

    @BeforeAll
    static void rotate() {
        rotated = RotatedGatehouse.up();
    }

    @AfterAll
    static void stop() {
        if (rotated != null) {
            rotated.close();
        }
    }

    @Test
    void every_judge_tells_good_held_and_revoked_of_both_cas_before_and_after_the_older_one_retires() {
        for (RevocationJudge judge : RevocationJudge.values()) {
            judge.require();
        }
        awaitListed(HELD, NOT_LISTED);
        everyJudge(false, true, "older");
        rotated.retireTheOlder();
        awaitListed(NOT_LISTED, REVOKED);
        everyJudge(true, false, "retired");
    }

    private void everyJudge(boolean heldIsGood, boolean leavingIsGood, String state) {
        SoftAssertions all = new SoftAssertions();
        for (RevocationJudge judge : RevocationJudge.values()) {
            for (String ca : CAS) {
                RotatedGatehouse.Issued issued = rotated.issuedBy(ca);
                String who = judge + " of " + ca + " when devices is " + state + ", ";
                all.check(() -> judges(judge, issued.good(), true, who + "good"));
                all.check(() -> judges(judge, issued.held(), heldIsGood, who + "held at first"));
                all.check(() -> judges(judge, issued.leaving(), leavingIsGood, who + "revoked at last"));
                all.check(() -> judges(judge, issued.revoked(), false, who + "revoked"));
            }
        }
        all.assertAll();
    }

    private void judges(RevocationJudge judge, HeldCertificate certificate, boolean good, String what) {
        try {
            assertThat(judge.accepts(asked(certificate))).isEqualTo(good);
        } catch (AssertionError otherwise) {
            throw new AssertionError(what + ": " + otherwise.getMessage(), otherwise);
        }
    }

    @ParameterizedTest
    @FieldSource("io.gatehouse.systemtests.RotatedGatehouse#CAS")
    void a_certificate_names_its_own_ca_and_that_cas_crl_lists_nothing_of_the_other(String ca) {
        RevocationCase asked = asked(rotated.issuedBy(ca).good());
        assertThat(asked.crlAddress()).endsWith("/pki/crl/" + ca + ".crl");
        assertThat(asked.caAddress()).endsWith("/pki/ca/" + ca + ".cer");
        assertThat(asked.certificate().getIssuerX500Principal())
                .isEqualTo(asked.ca().getSubjectX500Principal());

        awaitRevocations();
        X509CRL own = crl(ca);
        CAS.stream().filter(other -> !other.equals(ca)).map(rotated::issuedBy).forEach(other -> {
            assertThat(reason(own, other.good())).isEqualTo(NOT_LISTED);
            assertThat(reason(own, other.held())).isEqualTo(NOT_LISTED);
            assertThat(reason(own, other.leaving())).isEqualTo(NOT_LISTED);
            assertThat(reason(own, other.revoked())).isEqualTo(NOT_LISTED);
        });
    }

    @Test
    void ocsp_calls_no_serial_of_one_ca_good_under_the_other() {
        Tools.require("openssl");
        for (String ca : CAS) {
            RevocationCase asked = asked(rotated.issuedBy(ca).good());
            for (String issuer : CAS) {
                RevocationCase under = asked(rotated.issuedBy(issuer).good());
                String serial = "0x" + asked.certificate().getSerialNumber().toString(16);
                String said = ProcessRun.of("openssl", "ocsp", "-resp_text", "-issuer", under.caFile())
                        .with("-serial", serial, "-url", under.ocspUrl())
                        .with("-CAfile", under.rootFile(), "-verify_other", under.caFile())
                        .run()
                        .both();
                assertThat(said).as(ca + " under " + issuer).contains("Response verify OK");
                if (issuer.equals(ca)) {
                    assertThat(said).contains(serial + ": good");
                } else {
                    assertThat(said).contains(serial + ": revoked", "Jan  1 00:00:00 1970 GMT");
                }
            }
        }
    }

    @Test
    void nginx_takes_certificates_of_each_ca_whose_crl_it_has() throws IOException {
        RelyingParty party = relyingParty();
        try (RelyingParty.Running nginx = party.nginx()) {
            goesByTheCrlsThatItHas(party, nginx);
        }
    }

    @Test
    void node_takes_certificates_of_each_ca_whose_crl_it_has() throws IOException {
        RelyingParty party = relyingParty();
        try (RelyingParty.Running node = party.node()) {
            goesByTheCrlsThatItHas(party, node);
        }
    }

    /** With the CRLs of before the rotation. */
    private RelyingParty relyingParty() {
        awaitRevocations();
        RelyingParty party = new RelyingParty(rotated.gatehouse(), directory);
        party.fetchCrls();
        return party;
    }

    /** The files are those that the page tells of, one step after the other. */
    private void goesByTheCrlsThatItHas(RelyingParty party, RelyingParty.Running server) throws IOException {
        awaitAdmits(party, "devices", true);
        assertThat(admits(party, "devices-2")).as("its CRL is missing").isFalse();

        party.fetchCrls("devices devices-2 devices-root");
        server.reload().run();
        awaitAdmits(party, "devices-2", true);
        assertThat(admits(party, "devices")).isTrue();
        for (String ca : CAS) {
            var client = party.client(rotated.issuedBy(ca).revoked());
            assertThat(party.admits(client, ca + "-revoked")).isFalse();
        }

        RevocationCase newer = asked(rotated.issuedBy("devices-2").good());
        Files.writeString(
                directory.resolve("devices.pem"), PemText.certificate(newer.root()) + PemText.certificate(newer.ca()));
        party.fetchCrls("devices-2 devices-root");
        server.reload().run();
        awaitAdmits(party, "devices", false);
        assertThat(admits(party, "devices-2")).isTrue();

        party.fetchCrls("devices devices-2 devices-root");
        server.reload().run();
        awaitAdmits(party, "devices", true); // the device sends its CA along, and the root vouches for that
    }

    /** Whether the server takes the certificate of that CA that is good. */
    private static boolean admits(RelyingParty party, String ca) {
        return party.admits(party.client(rotated.issuedBy(ca).good()), ca + "-good");
    }

    private static void awaitAdmits(RelyingParty party, String ca, boolean admitted) {
        Await.until(ca + " admitted: " + admitted, SERVER_READY, () -> admits(party, ca) == admitted);
    }

    /** The CRLs tell what was done at last. */
    private void awaitListed(Optional<CRLReason> held, Optional<CRLReason> leaving) {
        awaitRevocations();
        for (String ca : CAS) {
            RotatedGatehouse.Issued issued = rotated.issuedBy(ca);
            Await.until("the CRL of " + ca + " tells what was done at last", CRL_DELAY, () -> {
                X509CRL crl = crl(ca);
                return reason(crl, issued.good()).equals(NOT_LISTED)
                        && reason(crl, issued.held()).equals(held)
                        && reason(crl, issued.leaving()).equals(leaving);
            });
        }
    }

    /** The CRLs tell of what was revoked at the beginning. */
    private void awaitRevocations() {
        for (String ca : CAS) {
            HeldCertificate revoked = rotated.issuedBy(ca).revoked();
            Await.until(
                    "the CRL of " + ca + " has its first revocation",
                    CRL_DELAY,
                    () -> reason(crl(ca), revoked).equals(REVOKED));
        }
    }

    private X509CRL crl(String ca) {
        return asked(rotated.issuedBy(ca).good()).crls().get(0);
    }

    private static Optional<CRLReason> reason(X509CRL crl, HeldCertificate held) {
        return Optional.ofNullable(crl.getRevokedCertificate(held.certificate().getSerialNumber()))
                .map(X509CRLEntry::getRevocationReason);
    }

    private RevocationCase asked(HeldCertificate held) {
        return new RevocationCase(rotated.gatehouse(), directory, held);
    }
}

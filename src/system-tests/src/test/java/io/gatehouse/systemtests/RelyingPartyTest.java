package io.gatehouse.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.TestAuthority;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Debian's nginx and Node's https server take a device and refuse it while it is on hold and after its revocation. */
@ExtendWith(SharedGatehouse.class)
class RelyingPartyTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final String fleet = SharedGatehouse.fresh("relying");
    private final String id = SharedGatehouse.fresh("rp");

    @TempDir
    Path directory;

    private Gatehouse gatehouse;
    private RelyingParty party;
    private HeldCertificate device;
    private HeldCertificate other;

    @BeforeEach
    void write_what_a_server_needs(Gatehouse running) {
        gatehouse = running.fleet(fleet);
        device = gatehouse.enroll(fleet, id);
        other = gatehouse.enroll(fleet, id + "-other");
        party = new RelyingParty(gatehouse, directory);
        party.fetchCrls();
    }

    @Test
    void nginx_admits_a_device_and_refuses_it_after_its_revocation() {
        try (RelyingParty.Running nginx = party.nginx()) {
            judgedBy(nginx);
        }
    }

    @Test
    void node_admits_a_device_and_refuses_it_after_its_revocation() {
        try (RelyingParty.Running node = party.node()) {
            judgedBy(node);
        }
    }

    /** Who had been admitted asks again by the same client, which would resume its TLS session. */
    private void judgedBy(RelyingParty.Running server) {
        HttpClient client = party.client(device);
        HttpClient bystander = party.client(other);
        Await.until("the server admits the device", LIMIT, () -> party.admits(client, id));
        assertThat(party.admits(party.anonymous(), id))
                .as("without a certificate")
                .isFalse();
        assertThat(party.admits(party.client(forged()), id))
                .as("a forged certificate")
                .isFalse();

        gatehouse.rest().post("/api/v1/devices/" + id + "/suspend").expect(200);
        awaitAfterReload("on hold", server, client, false);
        gatehouse.rest().post("/api/v1/devices/" + id + "/resume").expect(200);
        awaitAfterReload("released", server, client, true);
        gatehouse.rest().post("/api/v1/devices/" + id + "/revoke").expect(200);
        awaitAfterReload("revoked", server, client, false);
        Await.until("another device is still admitted", LIMIT, () -> party.admits(bystander, id + "-other"));
    }

    private void awaitAfterReload(String state, RelyingParty.Running server, HttpClient client, boolean admitted) {
        Await.until("the server sees the device " + state, LIMIT, () -> {
            party.fetchCrls();
            server.reload().run();
            return party.admits(client, id) == admitted;
        });
    }

    private HeldCertificate forged() {
        return TestAuthority.root("forger").devicesCa().device(id);
    }
}

package io.gatehouse.gateway.up;

import io.gatehouse.enrollment.ca.CertificateIssuer;
import io.gatehouse.enrollment.ca.Hierarchies;
import io.gatehouse.gateway.door.EstDoor;
import io.gatehouse.gateway.door.Knock;
import io.gatehouse.gateway.door.MqttDoor;
import io.gatehouse.gateway.rest.AdminClient;
import io.gatehouse.gateway.rest.AdminTarget;
import io.gatehouse.gateway.rest.Reply;
import io.gatehouse.gateway.rest.RequestRefused;
import io.gatehouse.gateway.rest.ServiceUnreachable;
import io.gatehouse.gateway.supervise.Supervisor;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.x509.Keys;
import io.gatehouse.x509.tls.ClientIdentity;
import io.gatehouse.x509.tls.ServiceTrust;
import java.io.IOException;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Shows on the running parts that the door opens to a device and to nobody else: a probe device is admitted, then revoked, thrown out
 * and refused; a client without a certificate and one with a foreign certificate are refused. For one run, by one thread.
 */
public final class Proof {
    private static final String PROBE = "gatehouse-probe";

    /** An expired certificate needs no room on the revocation list. */
    private static final String SHORT = "PT1H";

    private static final Duration SYNCHRONISED_WITHIN = Duration.ofSeconds(30);
    private static final Duration CLOSED_WITHIN = Duration.ofSeconds(5);
    private static final int NOT_FOUND = 404;

    private final Installation installation;
    private final Supervisor.Events events;
    private final AdminClient admin;
    private final ServiceTrust broker;
    private final MqttDoor door;
    private String device = PROBE;

    public Proof(Installation installation, Supervisor.Events events) {
        this.installation = installation;
        this.events = events;
        this.admin = new AdminClient(AdminTarget.local(installation.home(), installation.clock()));
        this.broker = Trusts.ofBroker(installation.home(), installation.config(), installation.clock());
        this.door = new MqttDoor(
                installation.config().localAddress(),
                installation.config().mqttPort(),
                installation.config().publicHost());
    }

    /** Returns when all of it was seen. Throws {@link ProofFailed} otherwise. */
    public void show() {
        try {
            showEach();
        } catch (RequestRefused | ServiceUnreachable e) {
            throw new ProofFailed("the service did not do its part of the proof: " + e.getMessage());
        }
    }

    private void showEach() {
        ClientIdentity probe = enroll();
        try (Knock admitted = awaitAdmitted(probe)) {
            refused("a client without a certificate", door.knock(broker.sslContext(), device));
            refused("a client with a foreign certificate", door.knock(broker.sslContext(foreign()), device));
            Reply revoked = admin.post("/api/v1/devices/" + device + "/revoke", Map.of());
            String last = admitted.awaitEnd(CLOSED_WITHIN)
                    .orElseThrow(() -> new ProofFailed("the revoked probe's session was not closed"));
            requireRevoked("the revoked probe's session was closed", last);
            events.tell("proof: a revoked device's session was closed (" + last + "), "
                    + revoked.json().path("millis").asText() + " ms after the revocation");
        }
        Knock again = door.knock(broker.sslContext(probe), device);
        refused("the revoked device", again);
        requireRevoked("the revoked probe was refused", again.said());
    }

    /** The broker's own word: a connection that just broke would prove nothing. */
    private static void requireRevoked(String what, String said) {
        if (!said.contains(RefusalReason.REVOKED.word())) {
            throw new ProofFailed(what + ", but not as revoked: " + said);
        }
    }

    private ClientIdentity enroll() {
        try {
            admin.get("/api/v1/fleets/" + PROBE);
        } catch (RequestRefused e) {
            if (e.status() != NOT_FOUND) {
                throw e;
            }
            admin.post("/api/v1/fleets", Map.of("name", PROBE, "certificate", Map.of("lifetime", SHORT)));
        }
        Reply claim = claim();
        ServiceTrust service = Trusts.ofService(installation.home(), installation.config(), installation.clock());
        EstDoor est = new EstDoor(installation.config().localEnrollUrl(), service.sslContext());
        try {
            return est.enroll(PROBE, device, claim.json().path("secret").asText());
        } catch (IOException e) {
            throw new ProofFailed("the probe device could not enroll: " + e.getMessage());
        }
    }

    private Reply claim() {
        try {
            return admin.post("/api/v1/claims", Map.of("fleet", PROBE, "device", device, "ttl", "PT1M"));
        } catch (RequestRefused e) {
            if (!e.reason().equals(RefusalReason.DECOMMISSIONED.word()) || !device.equals(PROBE)) {
                throw e;
            }
            device = PROBE + "-" + installation.clock().millis(); // somebody put the usual one out of service for good
            return claim();
        }
    }

    /** The broker may still be fetching the directory. */
    private Knock awaitAdmitted(ClientIdentity probe) {
        long deadline = System.nanoTime() + SYNCHRONISED_WITHIN.toNanos();
        Knock knock = door.knock(broker.sslContext(probe), device);
        while (!knock.isAdmitted()
                && System.nanoTime() < deadline
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            knock = door.knock(broker.sslContext(probe), device);
        }
        if (!knock.isAdmitted()) {
            throw new ProofFailed("the probe device was not admitted: " + knock.said());
        }
        events.tell("proof: a device that enrolled just now was admitted");
        return knock;
    }

    private void refused(String who, Knock knock) {
        try (knock) {
            if (knock.isAdmitted()) {
                throw new ProofFailed(who + " was admitted");
            }
            events.tell("proof: " + who + " was refused (" + knock.said() + ")");
        }
    }

    /** A device certificate such as ours, of an authority that nobody here knows. */
    private ClientIdentity foreign() {
        Hierarchies unknown = Hierarchies.inMemory(installation.config(), installation.clock());
        KeyPair keys = Keys.generateP256();
        Instant now = installation.clock().instant();
        return new ClientIdentity(
                keys.getPrivate(),
                List.of(new CertificateIssuer(unknown, installation.config())
                        .issueDevice(DeviceId.of(device), keys.getPublic(), now, now.plus(Duration.ofHours(1)))));
    }
}

package io.gatehouse.gateway.demo;

import static io.gatehouse.gateway.demo.AgentProcess.await;
import static io.gatehouse.gateway.demo.StepFailed.unless;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatehouse.gateway.door.Knock;
import io.gatehouse.gateway.door.MqttDoor;
import io.gatehouse.gateway.rest.AdminClient;
import io.gatehouse.gateway.rest.Reply;
import io.gatehouse.x509.tls.ServiceTrust;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What happens in the demo once service and broker run, as steps that each prove something. */
final class Story {
    private static final String APPLICATION = "dashboard";
    private static final int REVOKED = 5;
    private static final int REFUSED = 4;
    private static final int ENFORCED_EVERYWHERE = 200;

    private final Steps steps;
    private final AdminClient admin;
    private final Agents agents;
    private final MqttDoor door;
    private final ServiceTrust broker;
    private final List<String> devices = new ArrayList<>();
    private @Nullable AgentProcess listening;

    Story(Steps steps, AdminClient admin, Agents agents, MqttDoor door, ServiceTrust broker, int devices) {
        this.steps = steps;
        this.admin = admin;
        this.agents = agents;
        this.door = door;
        this.broker = broker;
        for (int i = 1; i <= devices; i++) {
            this.devices.add("press-" + i);
        }
    }

    void tell() throws InterruptedException {
        String device = devices.get(0);
        steps.step("the administrator makes a fleet of devices and one of applications", this::makeFleets);
        steps.step("an application enrolls and listens to all telemetry", () -> {
            enroll("applications", APPLICATION);
            listening = agents.start(APPLICATION, "subscribe", "devices/+/telemetry/#");
            application().awaitSaid("subscribed to");
            return "agent subscribe devices/+/telemetry/#";
        });
        steps.step("a device makes its own key and enrolls with a claim", () -> enroll("presses", device));
        steps.step("its telemetry arrives at the application", () -> publish(device));
        for (String other : devices.subList(1, devices.size())) {
            steps.step("device " + other + " enrolls and publishes too", () -> {
                enroll("presses", other);
                return publish(other);
            });
        }
        steps.step("a topic of another device is refused", () -> publishElsewhere(device));
        steps.step("a stolen client id is refused", () -> stealClientId(device));
        steps.step("the device stays connected, is revoked, and is thrown out", () -> revoke(device));
        steps.step("its return is refused", () -> comeBack(device));
    }

    private AgentProcess application() {
        return Objects.requireNonNull(listening);
    }

    private String makeFleets() {
        admin.post("/api/v1/fleets", Map.of("name", "presses"));
        admin.post(
                "/api/v1/fleets",
                Map.of(
                        "name",
                        "applications",
                        "kind",
                        "application",
                        "policy",
                        Map.of("rules", List.of(Map.of("subscribe", List.of("devices/+/telemetry/#"))))));
        JsonNode policy = admin.get("/api/v1/fleets/presses/policy").json();
        return "presses: " + policy.path("rules");
    }

    private String enroll(String fleet, String device) throws InterruptedException {
        Reply claim = admin.post("/api/v1/claims", Map.of("fleet", fleet, "device", device, "ttl", "PT5M"));
        AgentProcess enrolling =
                agents.enroll(device, claim.json().path("secret").asText());
        unless(enrolling.exit() == 0, "the agent could not enroll: " + enrolling.said());
        JsonNode known = admin.get("/api/v1/devices/" + device).json();
        unless("active".equals(known.path("state").asText()), "the service does not know it as active: " + known);
        return enrolling.lastLine();
    }

    private String publish(String device) throws InterruptedException {
        String topic = "devices/" + device + "/telemetry/temperature";
        AgentProcess publishing = agents.start(device, "publish", topic, "--message", "21.5");
        unless(publishing.exit() == 0, "the device could not publish: " + publishing.said());
        application().awaitSaid(topic + " 21.5");
        return "the application received: " + topic + " 21.5";
    }

    private String publishElsewhere(String device) throws InterruptedException {
        AgentProcess publishing =
                agents.start(device, "publish", "devices/somebody-else/telemetry/temperature", "--message", "99");
        unless(publishing.exit() == REFUSED, "expected a refusal, the agent said: " + publishing.said());
        unless(
                publishing.said().contains("topic-not-allowed"),
                "expected the word topic-not-allowed, the agent said: " + publishing.said());
        unless(!application().said().contains("somebody-else"), "the application received it");
        return publishing.lastLine();
    }

    private String stealClientId(String device) {
        try (Knock knock = door.knock(broker.sslContext(agents.identityOf(device)), APPLICATION)) {
            unless(!knock.isAdmitted(), device + " was let in as " + APPLICATION);
            unless(knock.said().contains("client-id-mismatch"), "it was refused, but with: " + knock.said());
            unless(application().isAlive(), "the application was thrown out");
            return device + " as \"" + APPLICATION + "\": " + knock.said();
        }
    }

    private String revoke(String device) throws InterruptedException {
        AgentProcess running = agents.start(device, "run", "--once");
        await(
                () -> admin.get("/api/v1/devices/" + device)
                                .json()
                                .path("sessions")
                                .size()
                        == 1,
                () -> "the device's session was not seen; its agent said: " + running.said());
        Reply reply = admin.post("/api/v1/devices/" + device + "/revoke", Map.of("reason", "keyCompromise"));
        unless(reply.status() == ENFORCED_EVERYWHERE, "not enforced everywhere: " + reply.text());
        unless(reply.json().path("sessions").asInt() == 1, "expected one closed session: " + reply.text());
        unless(running.exit() == REVOKED, "expected the agent to end as revoked, it said: " + running.said());
        return reply.json().path("sessions").asText() + " session closed after "
                + reply.json().path("millis").asText() + " ms on "
                + reply.json().path("brokers").path(0).path("broker").asText() + "; the agent: " + running.lastLine();
    }

    private String comeBack(String device) throws InterruptedException {
        try (Knock knock = door.knock(broker.sslContext(agents.identityOf(device)), device)) {
            unless(!knock.isAdmitted(), "the revoked device was admitted");
            unless(knock.said().contains("revoked"), "it was refused, but with: " + knock.said());
        }
        AgentProcess publishing =
                agents.start(device, "publish", "devices/" + device + "/telemetry/temperature", "--message", "22");
        unless(publishing.exit() == REVOKED, "expected the agent to be refused as revoked: " + publishing.said());
        return publishing.lastLine();
    }
}

package io.gatehouse.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.TestDevice;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The service dies by SIGKILL while devices enroll and are revoked: what it has answered is kept, nothing is half-done. */
class KilledServiceTest {
    private static final boolean LONG = Boolean.getBoolean("gatehouse.long");
    /** After some deaths the supervisor waits for half a minute before each start. */
    private static final int KILLS = LONG ? 25 : 3;

    /** Fewer than five deaths in a minute, or the supervisor gives up as it should. */
    private static final Duration BETWEEN_KILLS = LONG ? Duration.ofSeconds(16) : Duration.ofSeconds(2);

    private static final int WORKERS = 4;
    private static final Duration RESTART = Duration.ofSeconds(60);

    private final AtomicInteger names = new AtomicInteger();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final Map<String, HeldCertificate> enrolled = new ConcurrentHashMap<>();
    private final Map<TestDevice, String> unanswered = new ConcurrentHashMap<>();
    private final Set<String> revoked = ConcurrentHashMap.newKeySet();
    private final Set<String> maybeRevoked = ConcurrentHashMap.newKeySet();

    @Test
    @Timeout(value = 60, unit = TimeUnit.MINUTES)
    void nothing_that_was_answered_is_lost() throws InterruptedException {
        try (Gatehouse gatehouse = Gatehouse.up()) {
            gatehouse.fleet("f");
            ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
            for (int i = 0; i < WORKERS; i++) {
                workers.execute(() -> work(gatehouse));
            }
            for (int kill = 0; kill < KILLS; kill++) {
                killInTheMiddle(gatehouse);
            }
            stop.set(true);
            workers.shutdown();
            assertThat(workers.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
            assertThat(enrolled).hasSizeGreaterThan(KILLS * 5);
            assertThat(revoked).hasSizeGreaterThan(KILLS);
            everythingAnsweredIsThere(gatehouse);
            theSameRightGivesTheSameCertificate(gatehouse);
            theBrokerAgrees(gatehouse);
        }
    }

    private void killInTheMiddle(Gatehouse gatehouse) {
        int before = enrolled.size() + revoked.size();
        long earliest = System.nanoTime() + BETWEEN_KILLS.toNanos();
        Await.until(
                "answers between two kills",
                RESTART.plus(BETWEEN_KILLS),
                () -> enrolled.size() + revoked.size() >= before + 10 && System.nanoTime() - earliest > 0);
        long pid = gatehouse.pidOf("service");
        gatehouse.kill("service");
        Await.until("the service is started again", RESTART, () -> gatehouse.pidOf("service") != pid);
    }

    private void work(Gatehouse gatehouse) {
        Session session = new Session(gatehouse);
        while (!stop.get()) {
            TestDevice device = TestDevice.named("k-" + names.incrementAndGet());
            try {
                String secret = session.rest
                        .post("/api/v1/claims", Map.of("fleet", "f", "device", device.id()))
                        .expect(201)
                        .json()
                        .path("secret")
                        .asText();
                unanswered.put(device, secret);
                EstClient.Answer answer =
                        session.est.simpleEnroll(device, secret).expect(200);
                enrolled.put(device.id(), device.holding(answer.certificate(), List.of(gatehouse.devicesCa())));
                if (names.get() % 2 == 0) {
                    maybeRevoked.add(device.id());
                    JsonNode done = session.rest
                            .post("/api/v1/devices/" + device.id() + "/revoke", Map.of("waitMillis", 0))
                            .json();
                    if (done.path("device").asText().equals(device.id())) {
                        revoked.add(device.id());
                    }
                }
            } catch (UncheckedIOException | AssertionError died) {
                session = Await.value(
                        "the service is back", RESTART, () -> java.util.Optional.of(new Session(gatehouse)));
            }
        }
    }

    private void everythingAnsweredIsThere(Gatehouse gatehouse) {
        Rest rest = awaitRest(gatehouse);
        enrolled.forEach((id, certificate) -> {
            JsonNode device = rest.get("/api/v1/devices/" + id).expect(200).json();
            assertThat(device.path("certificates").findValuesAsText("sha256"))
                    .as(id)
                    .contains(certificate.sha256());
            String state = device.path("certificates").path(0).path("state").asText();
            if (revoked.contains(id)) {
                assertThat(state).as(id).isEqualTo("revoked");
            } else if (!maybeRevoked.contains(id)) {
                assertThat(state).as(id).isEqualTo("valid");
            }
        });
    }

    /** A device whose answer was lost asks again, with the same key; one whose answer arrived may, too. */
    private void theSameRightGivesTheSameCertificate(Gatehouse gatehouse) {
        EstClient est = gatehouse.est();
        int lost = 0;
        for (Map.Entry<TestDevice, String> each : unanswered.entrySet()) {
            String id = each.getKey().id();
            if (!maybeRevoked.contains(id)) {
                EstClient.Answer again =
                        est.simpleEnroll(each.getKey(), each.getValue()).expect(200);
                if (enrolled.containsKey(id)) {
                    assertThat(again.certificate()).isEqualTo(enrolled.get(id).certificate());
                } else {
                    lost++;
                }
                assertThat(gatehouse.rest().get("/api/v1/devices/" + id).json().path("certificates"))
                        .as(id)
                        .hasSize(1);
            }
        }
        assertThat(lost).as("at most one lost answer a worker and kill").isLessThanOrEqualTo(WORKERS * KILLS);
    }

    private void theBrokerAgrees(Gatehouse gatehouse) {
        String gone = revoked.iterator().next();
        String there = enrolled.keySet().stream()
                .filter(id -> !maybeRevoked.contains(id))
                .findFirst()
                .orElseThrow();
        Await.until("the broker has caught up", RESTART, () -> {
            try (MqttPeer peer = gatehouse.mqtt(there).with(enrolled.get(there)).connect()) {
                return peer.isOpen();
            }
        });
        assertThat(gatehouse.mqtt(gone).with(enrolled.get(gone)).refused().word())
                .isEqualTo("revoked");
    }

    private static Rest awaitRest(Gatehouse gatehouse) {
        return Await.value("the service answers", RESTART, () -> {
            Rest rest = gatehouse.rest();
            rest.get("/api/v1/fleets").expect(200);
            return java.util.Optional.of(rest);
        });
    }

    /** The connections and the token of one life of the service. */
    private static final class Session {
        private final Rest rest;
        private final EstClient est;

        Session(Gatehouse gatehouse) {
            rest = gatehouse.rest();
            rest.get("/api/v1/fleets").expect(200);
            est = gatehouse.est();
        }
    }
}

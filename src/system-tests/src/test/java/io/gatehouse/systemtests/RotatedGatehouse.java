package io.gatehouse.systemtests;

import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.HeldCertificate;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A running Gatehouse after a rotation: {@code devices} is older and {@code devices-2} issues. Each has issued certificates. */
final class RotatedGatehouse implements AutoCloseable {
    /** The devices CAs, the oldest first. */
    static final List<String> CAS = List.of("devices", "devices-2");

    private static final Duration TAKE_OVER = Duration.ofSeconds(60);
    private static final String FLEET = "f";

    private final Gatehouse gatehouse;
    private final Map<String, Issued> issued = new LinkedHashMap<>();

    private RotatedGatehouse(Gatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    /**
     * What one CA has issued, each to the device {@code CA-NAME}.
     *
     * @param good stays so
     * @param held on hold; the older CA's was held before the rotation
     * @param leaving is good
     * @param revoked by the reason keyCompromise; the older CA's was revoked before the rotation
     */
    record Issued(HeldCertificate good, HeldCertificate held, HeldCertificate leaving, HeldCertificate revoked) {}

    static RotatedGatehouse up() {
        RotatedGatehouse rotated = new RotatedGatehouse(Gatehouse.up());
        try {
            rotated.live();
            return rotated;
        } catch (AssertionError | RuntimeException failed) {
            rotated.close();
            throw failed;
        }
    }

    Gatehouse gatehouse() {
        return gatehouse;
    }

    /** What the devices CA of that name has issued. */
    Issued issuedBy(String ca) {
        return issued.get(ca);
    }

    /** The older CA retires; then of each CA what was held is released and what is leaving is revoked. */
    void retireTheOlder() {
        gatehouse.cli("ca", "retire", "devices", "--even-with-live").ok();
        awaitState(gatehouse, "devices", "retired");
        for (String ca : CAS) {
            act(ca + "-held", "resume");
            revoke(ca + "-leaving");
        }
    }

    @Override
    public void close() {
        gatehouse.close();
    }

    private void live() {
        gatehouse.fleet(FLEET);
        issue("devices");
        gatehouse.cli("ca", "rotate").ok();
        awaitState(gatehouse, "devices-2", "issuing");
        issue("devices-2");
    }

    private void issue(String ca) {
        issued.put(
                ca,
                new Issued(
                        gatehouse.enroll(FLEET, ca + "-good"),
                        gatehouse.enroll(FLEET, ca + "-held"),
                        gatehouse.enroll(FLEET, ca + "-leaving"),
                        gatehouse.enroll(FLEET, ca + "-revoked")));
        act(ca + "-held", "suspend");
        revoke(ca + "-revoked");
    }

    private void act(String device, String verb) {
        gatehouse.rest().post("/api/v1/devices/" + device + "/" + verb).expect(200);
    }

    private void revoke(String device) {
        gatehouse
                .rest()
                .post("/api/v1/devices/" + device + "/revoke", Map.of("reason", "keyCompromise"))
                .expect(200);
    }

    /** Returns when the devices CA of that name is in that state. */
    static void awaitState(Gatehouse gatehouse, String ca, String state) {
        Await.until(ca + " is " + state, TAKE_OVER, () -> {
            for (var each :
                    gatehouse.rest().get("/api/v1/ca").expect(200).json().path("authorities")) {
                if (each.path("name").asText().equals(ca)) {
                    return each.path("state").asText().equals(state);
                }
            }
            return false;
        });
    }
}

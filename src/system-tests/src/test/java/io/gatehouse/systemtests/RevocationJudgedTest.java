package io.gatehouse.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Good, held, released and revoked in the eyes of verifiers that are not ours, by OCSP and by CRL. */
@ExtendWith(SharedGatehouse.class)
class RevocationJudgedTest {
    private static final Duration CRL_DELAY = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void sees_good_held_released_and_revoked(RevocationJudge judge, Gatehouse gatehouse) {
        judge.require();
        String fleet = SharedGatehouse.fresh("judges");
        String id = SharedGatehouse.fresh("jd");
        gatehouse.fleet(fleet);
        RevocationCase asked = new RevocationCase(gatehouse, directory, gatehouse.enroll(fleet, id));

        expect(judge, asked, true, "a new certificate");
        gatehouse.rest().post("/api/v1/devices/" + id + "/suspend").expect(200);
        expect(judge, asked, false, "on hold");
        gatehouse.rest().post("/api/v1/devices/" + id + "/resume").expect(200);
        expect(judge, asked, true, "released");
        gatehouse.rest().post("/api/v1/devices/" + id + "/revoke").expect(200);
        expect(judge, asked, false, "revoked");
    }

    /** By OCSP at once, by CRL when the next one is out. */
    private static void expect(RevocationJudge judge, RevocationCase asked, boolean good, String state) {
        if (judge.online()) {
            assertThat(judge.accepts(asked)).as(judge + " " + state).isEqualTo(good);
        } else {
            Await.until(judge + " " + state, CRL_DELAY, () -> judge.accepts(asked) == good);
        }
    }
}

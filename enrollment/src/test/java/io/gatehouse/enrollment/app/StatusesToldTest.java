package io.gatehouse.enrollment.app;

import static io.gatehouse.enrollment.app.House.ADMIN;
import static io.gatehouse.enrollment.app.House.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.app.domain.CertificateStatus;
import io.gatehouse.enrollment.app.port.StatusListener;
import io.gatehouse.identity.RevocationReason;
import io.gatehouse.testkit.Keys;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who only listens knows at every moment what a look into the registry would show: CRL and OCSP live on that. */
class StatusesToldTest {
    @TempDir
    Path temp;

    private final Map<BigInteger, Listed> heard = new ConcurrentHashMap<>();
    private House house;
    private House.Gadget pump;

    /** The registry keeps milliseconds, a CRL seconds. */
    private record Listed(Instant since, int reasonCode) {
        Listed {
            since = since.truncatedTo(ChronoUnit.SECONDS);
        }
    }

    @BeforeEach
    void open() {
        house = new House(temp.resolve("gatehouse.db")).withFleet();
        house.registry.listen((StatusListener) this::hear);
        pump = house.gadget("pump-1").enrolled();
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void suspended_and_resumed() {
        done(house.devices.suspend(ADMIN, pump.id));
        assertThat(heardIsListed()).isEqualTo(1);

        done(house.devices.resume(ADMIN, pump.id));
        assertThat(heardIsListed()).isZero();
    }

    @Test
    void revoked_with_what_it_had_before() {
        var first = pump.certificate;
        pump.key = Keys.p256();
        done(pump.tryRenew(pump.key));
        done(house.devices.revoke(ADMIN, pump.id, RevocationReason.KEY_COMPROMISE, Duration.ZERO));

        assertThat(heardIsListed()).isEqualTo(2);
        assertThat(heard).containsKey(first.getSerialNumber());
    }

    @Test
    void superseded_certificates_are_revoked_with_their_device() {
        done(pump.tryRenew(Keys.p256()));
        // the next one takes the place of the successor that nobody has seen
        done(pump.tryRenew(Keys.p256()));
        assertThat(heardIsListed()).isZero();

        done(house.devices.decommission(ADMIN, pump.id));
        assertThat(heardIsListed()).isEqualTo(3);
    }

    @Test
    void one_certificate_revoked() {
        var sha256 = house.row(pump.certificate).sha256();
        done(house.devices.revokeCertificate(ADMIN, sha256, RevocationReason.UNSPECIFIED, Duration.ZERO));

        assertThat(heardIsListed()).isEqualTo(1);
    }

    @Test
    void a_unit_that_leaves_nothing_tells_nothing() {
        var row = house.row(pump.certificate);
        try {
            house.registry.write(transaction -> {
                transaction.update(row.revoked(RevocationReason.KEY_COMPROMISE, house.clock.instant(), true));
                throw new IllegalArgumentException("on purpose");
            });
        } catch (IllegalArgumentException onPurpose) {
            assertThat(heardIsListed()).isZero();
        }
        assertThat(heard).isEmpty();
    }

    private void hear(List<CertificateStatus> statuses) {
        for (var status : statuses) {
            if (status.listed()) {
                heard.put(status.serial(), new Listed(status.since().orElseThrow(), status.reasonCode()));
            } else {
                heard.remove(status.serial());
            }
        }
    }

    /** How many, after both were found to be the same. */
    private int heardIsListed() {
        Map<BigInteger, Listed> listed = new ConcurrentHashMap<>();
        var issuer = pump.certificate.getIssuerX500Principal().getName();
        house.registry.read(view -> {
            view.listed(
                    issuer,
                    house.clock.instant(),
                    entry -> listed.put(entry.serial(), new Listed(entry.since(), entry.reasonCode())));
            return true;
        });
        assertThat(heard).isEqualTo(listed);
        return listed.size();
    }
}

package io.gatehouse.admission.client;

import static io.gatehouse.admission.Directories.certificate;
import static io.gatehouse.admission.Directories.device;
import static io.gatehouse.admission.Directories.fleet;
import static io.gatehouse.admission.Directories.sha256;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.admission.StalledDisk;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.testkit.Await;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StalledDiskTest {
    private static final int MANY = 5_000;

    @TempDir
    Path folder;

    @Test
    void delays_no_revocation_and_nothing_is_acknowledged_before_it_is_on_disk() throws Exception {
        var revoked = DeviceId.of("d-1");
        long last;
        try (var service = new FakeService();
                var link = new TestLink(service, folder)) {
            service.directory("e", 7, fleet("f"), device("d-1", "f"), certificate("c", "d-1"));
            link.start().await("e", 7);
            acknowledged(service, "e", 7);
            try (var disk = StalledDisk.under(folder)) {
                service.directory("e2", 7, fleet("f"), device("d-1", "f"), certificate("c", "d-1"));
                link.await("e2", 7);
                for (int i = 0; i < MANY; i++) {
                    service.change(device("other-" + i % 10, "f"));
                }
                long revision = service.change(device("d-1", "f", DeviceState.ACTIVE, 1));
                Await.until(
                        "the listener to hear of the revocation",
                        TestLink.LIMIT,
                        () -> link.heard.stream()
                                .anyMatch(applied -> applied.purged().contains(revoked)));
                CompletableFuture.runAsync(() -> link.link.purged(revoked, revision))
                        .get(10, TimeUnit.SECONDS);

                link.reports().admitted(sha256("c"));
                Await.until(
                        "a report",
                        TestLink.LIMIT,
                        () -> service.reports.stream()
                                .anyMatch(report -> !report.admitted().isEmpty()));
                assertThat(service.reports)
                        .filteredOn(report -> report.epoch().equals("e2"))
                        .isNotEmpty()
                        .allMatch(report ->
                                report.revision() == 0 && report.enforced().isEmpty());

                disk.works();
                acknowledged(service, "e2", revision);
                last = revision;
            }
        }
        try (var service = new FakeService();
                var link = new TestLink(service, folder)) {
            service.feedStatus = 503;
            assertThat(link.revision()).isEqualTo(last);
            link.start();
            Await.until("what was found", TestLink.LIMIT, () -> link.heard.size() == 1);
            assertThat(link.heard.get(0).purged()).isEmpty();
        }
    }

    private static void acknowledged(FakeService service, String epoch, long revision) {
        Await.until(
                "revision " + revision + " of " + epoch + " acknowledged",
                TestLink.LIMIT,
                () -> service.reports.stream()
                        .anyMatch(report -> report.epoch().equals(epoch) && report.revision() == revision));
    }
}

package io.gatehouse.admission.client;

import io.gatehouse.admission.replica.Applied;
import io.gatehouse.admission.replica.View;
import io.gatehouse.testkit.Await;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/** A link with short pauses that remembers what it heard, and enforces at once unless told otherwise. */
final class TestLink implements AutoCloseable {
    static final Duration LIMIT = Duration.ofSeconds(30);
    private static final SSLContext TLS = FakeService.brokerTls();

    final List<Applied> heard = new CopyOnWriteArrayList<>();
    final ServiceLink link;
    volatile Consumer<Applied> enforcer = applied -> reports().enforced(applied.revision(), 0);

    TestLink(FakeService service, Path folder) {
        this(service, folder, TLS);
    }

    TestLink(FakeService service, Path folder, SSLContext tls) {
        this(List.of(service.uri()), folder, tls);
    }

    /** With several instances of the service. */
    TestLink(List<URI> services, Path folder) {
        this(services, folder, TLS);
    }

    private TestLink(List<URI> services, Path folder, SSLContext tls) {
        var random = new Random(1);
        link = ServiceLink.open(
                new LinkSettings(services, folder),
                () -> tls,
                InstantSource.system(),
                this::hear,
                () -> new Backoff(random, Duration.ofMillis(2), Duration.ofMillis(50)));
    }

    TestLink start() {
        link.start();
        return this;
    }

    ReportClient reports() {
        return link.reports();
    }

    long revision() {
        return link.directory().read(View::revision);
    }

    String epoch() {
        return link.directory().read(View::epoch);
    }

    void await(String epoch, long revision) {
        Await.until("revision " + revision, LIMIT, () -> epoch.equals(epoch()) && revision() == revision);
    }

    @Override
    public void close() {
        link.close();
    }

    private void hear(Applied applied) {
        heard.add(applied);
        enforcer.accept(applied);
    }
}

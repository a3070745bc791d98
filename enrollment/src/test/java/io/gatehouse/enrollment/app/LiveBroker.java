package io.gatehouse.enrollment.app;

import io.gatehouse.admission.decision.Admission;
import io.gatehouse.admission.decision.ConnectRequest;
import io.gatehouse.admission.decision.Decision;
import io.gatehouse.admission.feed.Entry;
import io.gatehouse.admission.feed.FeedLine;
import io.gatehouse.admission.replica.Replica;
import io.gatehouse.admission.replica.Snapshot;
import io.gatehouse.admission.replica.View;
import io.gatehouse.enrollment.app.port.View.Position;
import io.gatehouse.identity.RefusalReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** A broker's replica behind the service's hub: begins with a snapshot and follows the stream from there. */
final class LiveBroker implements AutoCloseable {
    private final House house;
    private final InstantSource clock;
    private final Replica replica;

    /** @param clock the broker's own */
    LiveBroker(House house, InstantSource clock, Path folder) {
        this.house = house;
        this.clock = clock;
        this.replica = Replica.open(folder, clock, position -> {});
        house.hub.snapshot(House.B1, new Taking()::line);
    }

    private final class Taking {
        private Optional<Snapshot> snapshot = Optional.empty();

        void line(byte[] bytes) {
            var line = House.line(bytes);
            if (line instanceof FeedLine.SnapshotBegin begin) {
                snapshot = Optional.of(new Snapshot(begin, clock.instant()));
            } else if (line instanceof Entry entry) {
                snapshot.orElseThrow().add(entry);
            } else {
                replica.replace(snapshot.orElseThrow());
            }
        }
    }

    /** Takes what the stream has for it; the live stream must have it all. */
    LiveBroker follow() {
        var from = replica.position().orElseThrow();
        try (var stream = house.hub
                .open(House.B1, Optional.of(new Position(from.epoch(), from.revision())))
                .orElseThrow()) {
            while (replica.position().orElseThrow().revision() < house.revision()) {
                for (var change : stream.next(Duration.ofSeconds(20))) {
                    replica.apply((FeedLine.Change) House.line(change.line()), change.line());
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        replica.contact();
        return this;
    }

    long revision() {
        return replica.position().orElseThrow().revision();
    }

    int certificates() {
        return replica.directory().read(View::certificates);
    }

    /** All that it holds. */
    Set<Entry> entries() {
        var all = new HashSet<Entry>();
        try {
            replica.forEachPage(all::addAll);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    /** Why it refuses that device; nothing when it admits it. */
    Optional<RefusalReason> refuses(House.Gadget gadget) {
        Instant now = clock.instant();
        var request =
                new ConnectRequest(Optional.of(gadget.sha256()), gadget.id().value(), "tls", now);
        return new Admission(Duration.ofHours(24)).decide(request, replica.directory())
                        instanceof Decision.Refuse refuse
                ? Optional.of(refuse.reason())
                : Optional.empty();
    }

    @Override
    public void close() {
        replica.close();
    }
}

package io.gatehouse.enrollment.app;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.enrollment.app.Restorations.Part;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.domain.Witness;
import io.gatehouse.enrollment.app.port.View.Position;
import io.gatehouse.enrollment.store.DatabaseFile;
import io.gatehouse.enrollment.store.RestoredDatabase;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.identity.RefusalReason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A home before its backup and after it came back, and what a broker knows of the time between. */
class RestoredHouse {
    static final BrokerName LIAR = BrokerName.of("b2");

    @TempDir
    Path temp;

    House before;
    House after;
    final List<Entry> known = new ArrayList<>();
    Position position;

    @BeforeEach
    void start() {
        before = new House(temp.resolve("before.db")).withFleet();
        before.broker(House.B1);
        before.broker(LIAR);
    }

    @AfterEach
    void stop() {
        before.close();
        if (after != null) {
            after.close();
        }
    }

    void backup() {
        DatabaseFile.copy(temp.resolve("before.db"), temp.resolve("backup.db"));
    }

    /** What a broker that is up to date holds when the machine is lost; then the backup comes back. */
    RestoredDatabase.Begun restore(Duration witnesses) {
        before.hub.snapshot(House.B1, line -> {
            if (House.line(line) instanceof Entry entry) {
                known.add(entry);
            }
        });
        position = before.registry.read(view -> view.position());
        var now = before.clock.instant();
        var begun = RestoredDatabase.begin(temp.resolve("backup.db"), now, now.plus(witnesses), before.clock);
        after = new House(temp.resolve("backup.db"), before.issuer);
        return begun;
    }

    /** The service is stopped in the middle, and starts again. */
    void restarted() {
        after.close();
        after = new House(temp.resolve("backup.db"), before.issuer);
    }

    void testify(BrokerName broker, List<Entry> entries) {
        House.done(say(broker, entries, true, Optional.of((long) entries.size())));
    }

    Outcome<Boolean> say(BrokerName broker, List<Entry> entries, boolean begins, Optional<Long> total) {
        return after.restorations.accept(broker, position, new Part(entries, entries.size(), begins, total));
    }

    Witness witness() {
        return after.restorations.standing().orElseThrow().witnesses().get(0);
    }

    RefusalReason judged(House.Gadget gadget) {
        return House.reason(after.judged(gadget.certificate));
    }
}

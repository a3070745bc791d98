package io.gatehouse.admission.replica;

import io.gatehouse.admission.feed.Entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/** The entries of tables that are in use, a page at a time under the directory's lock. */
final class EntryPages {
    private final Directory directory;
    private final Tables tables;

    EntryPages(Directory directory, Tables tables) {
        this.directory = directory;
        this.tables = tables;
    }

    void each(Replica.Page sink) throws IOException {
        sink.take(directory.guarded(tables, t -> {
            var few = new ArrayList<Entry>(t.authorities());
            t.allFleets().forEach(fleet -> few.add(fleet.entry()));
            return few;
        }));
        int devices = directory.guarded(tables, t -> t.devices.slotEnd());
        each(devices, tables.devices::entry, sink);
        int certificates = directory.guarded(tables, t -> t.certificates.slotEnd());
        each(certificates, tables.certificates::entry, sink);
    }

    private void each(int end, IntFunction<Optional<? extends Entry>> entry, Replica.Page sink) throws IOException {
        for (int slot = 0; slot < end; slot += Slots.PAGE) {
            int from = slot;
            List<Entry> page = directory.guarded(tables, t -> {
                var entries = new ArrayList<Entry>(Slots.PAGE);
                for (int at = from; at < Math.min(end, from + Slots.PAGE); at++) {
                    entry.apply(at).ifPresent(entries::add);
                }
                return entries;
            });
            if (!page.isEmpty()) {
                sink.take(page);
            }
        }
    }
}

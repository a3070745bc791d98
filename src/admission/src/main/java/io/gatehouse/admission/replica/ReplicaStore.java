package io.gatehouse.admission.replica;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of a replica: {@code replica}, and {@code journal-N} where N is that file's generation. Whenever the machine stops, the
 * two that belong together are there. Not thread-safe.
 */
final class ReplicaStore {
    private static final String FILE = "replica";
    private static final String JOURNAL = "journal-";

    /** What was found on disk: nothing, something damaged, or a directory. */
    record Found(Optional<String> problem, Optional<Tables> tables, Unpurged unpurged) {}

    private final Path folder;
    private final LongSupplier nanos;
    private @Nullable Journal journal;
    private long generation;
    private boolean outdated;
    private Optional<Integer> newer = Optional.empty();

    ReplicaStore(Path folder) {
        this(folder, System::nanoTime);
    }

    ReplicaStore(Path folder, LongSupplier nanos) {
        this.folder = folder;
        this.nanos = nanos;
    }

    /** Reads what is there and makes ready to append to it. Never throws: what cannot be read counts as nothing. */
    Found open() {
        var unpurged = new Unpurged();
        try {
            Files.createDirectories(folder);
            generation = highestGeneration();
            Path file = folder.resolve(FILE);
            if (!Files.exists(file)) {
                return new Found(Optional.empty(), Optional.empty(), unpurged);
            }
            var loaded = ReplicaFile.read(file, nanos);
            unpurged.addAll(new HashMap<>(loaded.header().unpurged()));
            long of = loaded.header().generation();
            journal = Journal.open(
                    journalFile(of), loaded.version(), of, payload -> replay(payload, loaded.tables(), unpurged));
            generation = of;
            outdated = loaded.version() < Format.VERSION;
            deleteOtherJournals();
            return new Found(Optional.empty(), Optional.of(loaded.tables()), unpurged);
        } catch (IOException | RuntimeException e) {
            newer = e instanceof NewerReplicaException later ? Optional.of(later.version()) : Optional.empty();
            String problem = "the replica on disk is not used: " + e.getMessage();
            return new Found(Optional.of(problem), Optional.empty(), new Unpurged());
        }
    }

    /** Whether records can be appended: not before the first file of this version was written, and not after a failure. */
    boolean isWritable() {
        return journal != null && !outdated;
    }

    /** Whether what was found is of an older version, and has to be written anew before anything is added. */
    boolean isOutdated() {
        return outdated;
    }

    void append(byte[] payload) throws IOException {
        if (journal != null) {
            journal.append(payload);
        }
    }

    /** Makes what was appended durable. */
    void force() throws IOException {
        if (journal != null) {
            journal.force();
        }
    }

    long journalBytes() throws IOException {
        return journal == null ? 0 : journal.bytes();
    }

    /** Ends appending; what was made durable stays. */
    void closeJournal() throws IOException {
        Journal closing = journal;
        journal = null;
        if (closing != null) {
            closing.close();
        }
    }

    /** Writes the tables to a new file, while others may go on changing them, and begins its journal. */
    Rewriting rewrite(Directory directory, Tables tables, long from, Unpurged unpurged, Instant now)
            throws IOException {
        long next = generation + 1;
        String epoch = directory.guarded(tables, Tables::epoch);
        Contact contact = directory.guarded(tables, t -> t.freshness().contact(now));
        Path file = folder.resolve(FILE + ".new");
        var header = new ReplicaHeader(next, epoch, from, contact, unpurged.revisions());
        ReplicaFile.write(file, header, directory, tables);
        return new Rewriting(file, next, Journal.create(journalFile(next), next));
    }

    /** A new file that takes the old one's place when its journal holds all that the file may hold parts of. */
    final class Rewriting implements AutoCloseable {
        private final Path file;
        private final long next;
        private final Journal fresh;

        private Rewriting(Path file, long next, Journal fresh) {
            this.file = file;
            this.next = next;
            this.fresh = fresh;
        }

        void append(byte[] payload) throws IOException {
            fresh.append(payload);
        }

        /** From here on the new file and its journal are what the next start finds. */
        void commit() throws IOException {
            fresh.force();
            keepNewer(next);
            ReplicaFile.publish(file, folder.resolve(FILE));
            closeJournal();
            long old = generation;
            journal = fresh;
            generation = next;
            outdated = false;
            Files.deleteIfExists(journalFile(old));
        }

        @Override
        public void close() throws IOException {
            if (journal != fresh) {
                fresh.close();
            }
        }
    }

    private static void replay(byte[] payload, Tables tables, Unpurged unpurged) throws IOException {
        var record = JournalRecord.read(payload);
        if (record instanceof JournalRecord.Changed changed) {
            unpurged.add(Directory.apply(tables, changed.change()));
        } else if (record instanceof JournalRecord.Contacted contacted) {
            tables.freshness().found(contacted.contact());
        } else if (record instanceof JournalRecord.Purged purged) {
            unpurged.purged(purged.device(), purged.revision());
        }
    }

    /** Puts what a later version wrote aside, in a folder of its own, for the case that this broker is upgraded again. */
    private void keepNewer(long but) throws IOException {
        if (newer.isEmpty()) {
            return;
        }
        Path aside = Files.createDirectories(folder.resolve("version-" + newer.get()));
        for (Path other : journals()) {
            if (!other.equals(journalFile(but))) {
                Files.move(other, aside.resolve(other.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.move(folder.resolve(FILE), aside.resolve(FILE), StandardCopyOption.REPLACE_EXISTING);
        newer = Optional.empty();
    }

    private Path journalFile(long of) {
        return folder.resolve(JOURNAL + of);
    }

    private void deleteOtherJournals() throws IOException {
        for (Path other : journals()) {
            if (!other.equals(journalFile(generation))) {
                Files.deleteIfExists(other);
            }
        }
    }

    /** So that a file that is written after a damaged one is not taken for its successor's. */
    private long highestGeneration() throws IOException {
        long highest = 0;
        for (Path other : journals()) {
            String number = other.getFileName().toString().substring(JOURNAL.length());
            if (number.matches("[0-9]{1,18}")) {
                highest = Math.max(highest, Long.parseLong(number));
            }
        }
        return highest;
    }

    private List<Path> journals() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> String.valueOf(file.getFileName()).startsWith(JOURNAL))
                    .toList();
        }
    }
}

package io.gatehouse.enrollment.audit;

import io.gatehouse.enrollment.app.domain.AuditCheck;
import io.gatehouse.enrollment.app.domain.AuditCheckpoint;
import io.gatehouse.enrollment.app.domain.AuditEntry;
import io.gatehouse.identity.Fingerprint;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Checkpoints that were kept elsewhere, as lines of JSON, each possibly behind what a syslog daemon puts before it. An audit must hold
 * the rows that they vouch for: this is what shows that a tail was cut off, or that everything was written anew, with the key or under another
 * name. Those of keys that do not count are passed over, and those of what a restore, as the audit itself tells, has cut off, are only
 * counted; when nothing is left that can be compared, that is a problem too. For one thread.
 */
public final class KnownCheckpoints {
    private final boolean given;
    private final List<AuditCheckpoint> all;
    private final List<Fingerprint> homes;
    private final Set<Fingerprint> signers = new HashSet<>();
    private final TreeMap<Long, List<AuditCheckpoint>> left = new TreeMap<>();
    private Map<Fingerprint, PublicKey> keys = Map.of();
    private Fingerprint genesis = Fingerprint.sha256(new byte[0]);
    private final Map<String, Long> restoredAt = new HashMap<>();
    private long compared;
    private long cutOff;

    private KnownCheckpoints(boolean given, List<AuditCheckpoint> all, List<Fingerprint> homes) {
        this.given = given;
        this.all = all;
        this.homes = homes;
    }

    /** None were given: there is nothing to be compared. */
    public static KnownCheckpoints none() {
        return new KnownCheckpoints(false, List.of(), List.of());
    }

    /** Those in a file; lines that hold none are passed over. */
    public static KnownCheckpoints read(Path file) throws IOException {
        var all = new ArrayList<AuditCheckpoint>();
        var homes = new ArrayList<Fingerprint>();
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int begin = line.indexOf("{\"checkpoint\":");
                int end = line.lastIndexOf('}');
                if (begin >= 0 && end > begin) {
                    add(line.substring(begin, end + 1), all, homes);
                }
            }
        }
        return new KnownCheckpoints(true, all, homes);
    }

    private static void add(String json, List<AuditCheckpoint> all, List<Fingerprint> homes) {
        try {
            var line = AuditLines.parse(json.getBytes(StandardCharsets.ISO_8859_1));
            var checkpoint = AuditLines.checkpoint(line);
            homes.add(AuditLines.genesis(line));
            all.add(checkpoint);
        } catch (IllegalArgumentException e) {
            // somebody else's line
            return;
        }
    }

    /** How many vouched for rows of this audit. */
    public long compared() {
        return compared;
    }

    /** How many vouched for rows that a restore has cut off. */
    public long cutOff() {
        return cutOff;
    }

    void begin(Fingerprint home, Map<Fingerprint, PublicKey> trusted) {
        genesis = home;
        keys = trusted;
        for (int i = 0; i < all.size(); i++) {
            if (homes.get(i).equals(home)) {
                left.computeIfAbsent(all.get(i).seq(), seq -> new ArrayList<>()).add(all.get(i));
            }
        }
    }

    /** A row was just seen. */
    void entry(AuditEntry entry, AuditCheck check) {
        if (entry.action().equals(AuditEntry.RESTORED)) {
            restoredAt.put(AuditLines.epoch(entry), entry.seq());
        }
        var here = left.remove(check.seq());
        if (here != null) {
            here.forEach(checkpoint -> compare(checkpoint, check));
        }
    }

    /** What is left vouches for rows that are not there. */
    void end(AuditCheck check) {
        left.values().forEach(here -> here.forEach(checkpoint -> compare(checkpoint, check)));
        left.clear();
        anotherAudit(check);
        if (given && compared == 0) {
            check.unproven(
                    cutOff == 0
                            ? "nothing can be compared: no checkpoint kept elsewhere is one of this audit by a key that counts"
                            : "nothing can be compared: all checkpoints kept elsewhere are of what a restore has cut off");
        }
    }

    /**
     * A key is of one home, and so vouches for one audit. When it has vouched for another, this one was begun anew or written under
     * another name. But several keys may count, and then one that never vouched for this audit is another home's.
     */
    private void anotherAudit(AuditCheck check) {
        var ours = new HashSet<>(check.signers());
        ours.addAll(signers);
        for (int i = 0; i < all.size(); i++) {
            var checkpoint = all.get(i);
            var key = keys.get(checkpoint.key());
            if (key != null
                    && !homes.get(i).equals(genesis)
                    && (ours.isEmpty() || ours.contains(checkpoint.key()))
                    && checkpoint.isSignedBy(key, homes.get(i))) {
                check.broken(
                        1,
                        "this is another audit: the key " + checkpoint.key()
                                + " has vouched, in a checkpoint kept elsewhere, for "
                                + checkpoint.seq() + " entries of the audit that begins with " + homes.get(i)
                                + ", and this one begins with " + genesis);
                return;
            }
        }
    }

    private void compare(AuditCheckpoint checkpoint, AuditCheck check) {
        var key = keys.get(checkpoint.key());
        if (key == null || !checkpoint.isSignedBy(key, genesis)) {
            return; // whoever can write to the log elsewhere must not be able to discredit the audit
        }
        signers.add(checkpoint.key());
        long restored = restoredAt.getOrDefault(checkpoint.epoch(), Long.MAX_VALUE);
        if (checkpoint.seq() >= restored) {
            cutOff++;
            return;
        }
        compared++;
        if (checkpoint.seq() > check.seq()) {
            check.broken(
                    check.seq() + 1,
                    "entry " + (check.seq() + 1) + " is missing: a checkpoint kept elsewhere (epoch "
                            + checkpoint.epoch() + ") vouches for " + checkpoint.seq());
        } else if (!checkpoint.head().equals(check.head())) {
            check.broken(
                    checkpoint.seq(),
                    "entry " + checkpoint.seq() + " is not the one that a checkpoint kept elsewhere (epoch "
                            + checkpoint.epoch() + ") vouches for");
        }
    }
}

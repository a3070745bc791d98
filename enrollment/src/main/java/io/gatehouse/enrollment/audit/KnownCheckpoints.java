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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Checkpoints that were kept elsewhere, as lines of JSON, each possibly behind what a syslog daemon puts before it. An audit must hold
 * the rows that they vouch for: this is what shows that a tail was cut off, or that everything was written anew with the key. Those of
 * another home are passed over, and those of what a restore, as the audit itself tells, has cut off, are only counted. For one thread.
 */
public final class KnownCheckpoints {
    private final List<AuditCheckpoint> all;
    private final List<Fingerprint> homes;
    private final TreeMap<Long, List<AuditCheckpoint>> left = new TreeMap<>();
    private Map<Fingerprint, PublicKey> keys = Map.of();
    private Fingerprint genesis = Fingerprint.sha256(new byte[0]);
    private final Map<String, Long> restoredAt = new HashMap<>();
    private long compared;
    private long cutOff;

    private KnownCheckpoints(List<AuditCheckpoint> all, List<Fingerprint> homes) {
        this.all = all;
        this.homes = homes;
    }

    public static KnownCheckpoints none() {
        return new KnownCheckpoints(List.of(), List.of());
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
        return new KnownCheckpoints(all, homes);
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
    }

    private void compare(AuditCheckpoint checkpoint, AuditCheck check) {
        var key = keys.get(checkpoint.key());
        if (key == null || !checkpoint.isSignedBy(key, genesis)) {
            return; // whoever can write to the log elsewhere must not be able to discredit the audit
        }
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

package io.gatehouse.gateway.fleetimport;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What came of an import so far. Keeps the first refused rows and counts the rest. For one thread. */
public final class ImportReport {
    private static final int KEPT = 1000;

    private final List<Refused> refused = new ArrayList<>();
    private long refusedRows;
    private long rows;
    private long imported;
    private long unchanged;
    private boolean done;
    private boolean stopped;

    /** A row that is refused, with its place in the files. */
    public record Refused(String place, String device, RowFault fault) {}

    void row() {
        rows++;
    }

    void refuse(String place, String device, RowFault fault) {
        refusedRows++;
        if (refused.size() < KEPT) {
            refused.add(new Refused(place, device, fault));
        }
    }

    void count(long newlyImported, long same) {
        imported += newlyImported;
        unchanged += same;
    }

    /** Between checking and importing: what was counted was what would come. */
    void begin() {
        imported = 0;
        unchanged = 0;
    }

    void done() {
        done = !stopped;
    }

    void stopped() {
        stopped = true;
    }

    public long rows() {
        return rows;
    }

    public long imported() {
        return imported;
    }

    public long unchanged() {
        return unchanged;
    }

    /** How many rows are refused in all. */
    public long refusedRows() {
        return refusedRows;
    }

    /** The first of them. */
    public List<Refused> refused() {
        return List.copyOf(refused);
    }

    /** Whether everything that could be imported is. */
    public boolean isDone() {
        return done;
    }

    /** Whether it ended early, since the service refused what it had found in order a moment before: what is imported stays. */
    public boolean isStopped() {
        return stopped;
    }

    /** For {@code --json}. */
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("done", done);
        json.put("stopped", stopped);
        json.put("rows", rows);
        json.put("imported", imported);
        json.put("unchanged", unchanged);
        json.put("refusedRows", refusedRows);
        json.put("refused", refused.stream().map(ImportReport::json).toList());
        return json;
    }

    private static Map<String, Object> json(Refused row) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("place", row.place());
        json.put("device", row.device());
        json.put("member", row.fault().member());
        json.put("value", row.fault().value());
        json.put("reason", row.fault().reason());
        json.put("detail", row.fault().detail());
        return json;
    }
}

package io.gatehouse.gateway.fleetimport;

import io.gatehouse.x509.Certificates;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows that go in one request: no more than the service takes. For one thread. */
final class Batch {
    private static final int MOST_ROWS = 100;
    private static final int MOST_CHARACTERS = 300_000;

    private final List<SourceRow> rows = new ArrayList<>();
    private final List<Map<String, Object>> devices = new ArrayList<>();
    private int characters;

    /** Whether the row goes in, too. An empty batch takes any. */
    boolean hasRoomFor(SourceRow row) {
        return rows.isEmpty() || (rows.size() < MOST_ROWS && characters + size(row) <= MOST_CHARACTERS);
    }

    void add(SourceRow row) {
        rows.add(row);
        characters += size(row);
        Map<String, Object> device = new LinkedHashMap<>();
        device.put("device", row.device().orElseThrow());
        row.fleet().ifPresent(fleet -> device.put("fleet", fleet));
        if (!row.attributes().isEmpty()) {
            device.put("attributes", row.attributes());
        }
        device.put(
                "certificate",
                Base64.getEncoder()
                        .encodeToString(Certificates.der(row.certificate().orElseThrow())));
        devices.add(device);
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    SourceRow row(int index) {
        return rows.get(index);
    }

    List<Map<String, Object>> devices() {
        return devices;
    }

    private static int size(SourceRow row) {
        int attributes = row.attributes().entrySet().stream()
                .mapToInt(
                        entry -> entry.getKey().length() + 6 * entry.getValue().length() + 6)
                .sum();
        int certificate = Certificates.der(row.certificate().orElseThrow()).length;
        return 128 + attributes + certificate * 4 / 3;
    }
}

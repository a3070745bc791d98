package io.gatehouse.gateway.fleetimport;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatehouse.gateway.rest.RequestRefused;
import java.io.IOException;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Checks all rows, by themselves and at the service, and only then imports them, batch by batch. What is imported stays when it is
 * interrupted; a further run goes on where it ended, because what is there already is left as it is. For one thread.
 */
public final class FleetImport {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int NOTHING_DONE = 422;
    private static final int STEP = 5_000;

    private final Source source;
    private final ImportOptions options;
    private final Function<Map<String, Object>, JsonNode> service;
    private final Consumer<String> progress;
    private final ImportReport report = new ImportReport();
    /** The rows that are refused, by their place in the order. */
    private final BitSet bad = new BitSet();

    /** @param service sends one request and gives the answer; throws RequestRefused */
    public FleetImport(
            Source source,
            ImportOptions options,
            Function<Map<String, Object>, JsonNode> service,
            Consumer<String> progress) {
        this.source = source;
        this.options = options;
        this.service = service;
        this.progress = progress;
    }

    /** Throws what the service throws; what was imported until then is imported. */
    public ImportReport run() throws IOException {
        new Pass(true).over();
        boolean stop = options.dryRun() || (report.refusedRows() > 0 && !options.partial());
        if (!stop) {
            report.begin();
            new Pass(false).over();
            report.done();
        }
        return report;
    }

    /** Once through all rows. */
    private final class Pass {
        private final boolean dryRun;
        private final RowChecks checks = new RowChecks(options.idFrom());
        private Batch batch = new Batch();
        private int[] places = new int[256];
        private int count;
        private int index;

        Pass(boolean dryRun) {
            this.dryRun = dryRun;
        }

        void over() throws IOException {
            source.each(this::row);
            send();
            progress.accept((dryRun ? "checked " : "went through ") + index + " rows");
        }

        private void row(SourceRow written) {
            int place = index++;
            if (report.isStopped()) {
                return;
            }
            if (dryRun) {
                report.row();
            } else if (bad.get(place)) {
                return;
            }
            SourceRow row = checks.check(written);
            if (row.fault().isPresent()) {
                refuse(place, row, row.fault().get());
            } else {
                if (!batch.hasRoomFor(row)) {
                    send();
                }
                places[count++] = place;
                batch.add(row);
            }
            if (index % STEP == 0) {
                progress.accept((dryRun ? "checked " : "went through ") + index + " rows …");
            }
        }

        private void refuse(int place, SourceRow row, RowFault fault) {
            bad.set(place);
            report.refuse(row.place(), row.device().orElse(""), fault);
        }

        private void send() {
            if (batch.isEmpty() || report.isStopped()) {
                return;
            }
            Batch sent = batch;
            batch = new Batch();
            count = 0;
            JsonNode answer = ask(sent);
            report.count(
                    answer.path("imported").asLong(), answer.path("unchanged").asLong());
            for (JsonNode row : answer.path("refused")) {
                int at = row.path("row").asInt();
                refuse(places[at], sent.row(at), fault(row));
            }
        }

        private JsonNode ask(Batch sent) {
            Map<String, Object> order = new LinkedHashMap<>();
            order.put("authority", options.authority());
            options.fleet().ifPresent(fleet -> order.put("fleet", fleet));
            order.put("devices", sent.devices());
            order.put("dryRun", dryRun);
            order.put("partial", options.partial());
            order.put("allowWeak", options.allowWeak());
            try {
                return service.apply(order);
            } catch (RequestRefused e) {
                if (e.status() != NOTHING_DONE || !read(e.body()).has("refused")) {
                    throw e;
                }
                report.stopped(); // something has changed at the service since this was checked
                return read(e.body());
            }
        }
    }

    private static RowFault fault(JsonNode row) {
        return new RowFault(
                row.path("member").asText(),
                row.path("value").asText(),
                row.path("reason").asText(),
                row.path("detail").asText());
    }

    private static JsonNode read(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return JSON.nullNode();
        }
    }
}

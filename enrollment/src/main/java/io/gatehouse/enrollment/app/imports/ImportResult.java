package io.gatehouse.enrollment.app.imports;

import io.gatehouse.identity.RefusalReason;
import java.util.List;

/**
 * What came of an import.
 *
 * @param imported how many devices are new, or would be
 * @param unchanged how many had exactly this certificate already, whatever has become of it
 * @param refused one entry for each row that is not in order
 * @param done whether it is durable: nothing is when this was a dry run, or when a row was refused and the import was not partial
 */
public record ImportResult(int imported, int unchanged, List<Row> refused, boolean done) {
    public ImportResult {
        refused = List.copyOf(refused);
    }

    /**
     * A row that is refused.
     *
     * @param row its place in the order, from 0
     * @param member of the row, such as {@code certificate}
     * @param value what was found there, shortened, without control characters
     * @param detail what is wrong with it and what to do about it
     */
    public record Row(int row, String device, String member, String value, RefusalReason reason, String detail) {}
}

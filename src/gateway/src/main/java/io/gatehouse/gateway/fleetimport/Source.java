package io.gatehouse.gateway.fleetimport;

import java.io.IOException;
import java.util.function.Consumer;

/** Where the rows are; can be read more than once. */
public interface Source {
    /** Hands over one row after the other, in the same order each time, without holding them all. */
    void each(Consumer<SourceRow> sink) throws IOException;
}

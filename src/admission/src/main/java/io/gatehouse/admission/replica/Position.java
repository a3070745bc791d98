package io.gatehouse.admission.replica;

/** Where a replica stands in the feed: all of this epoch up to this revision is applied. */
public record Position(String epoch, long revision) {}

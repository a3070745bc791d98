package io.gatehouse.admission.replica;

import io.gatehouse.admission.feed.Entry.FleetEntry;
import io.gatehouse.identity.policy.CompiledPolicy;

/** A fleet with its policy compiled. Immutable. */
public record Fleet(FleetEntry entry, CompiledPolicy policy) {}

package io.gatehouse.gateway.fleetimport;

import java.util.Optional;

/**
 * How an import is to be done.
 *
 * @param authority the foreign CAs in PEM
 * @param idFrom where the id is when a row has none
 */
public record ImportOptions(
        String authority,
        Optional<String> fleet,
        Optional<IdFrom> idFrom,
        boolean dryRun,
        boolean partial,
        boolean allowWeak) {}

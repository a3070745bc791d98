/** Reads an existing fleet from files and takes it into the registry: everything is checked first, then imported in batches. */
@NullMarked
package io.gatehouse.gateway.fleetimport;

import org.jspecify.annotations.NullMarked;

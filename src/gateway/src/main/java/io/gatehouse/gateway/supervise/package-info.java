/** Keeps the parts of an installation running as child processes: starts, watches, restarts and ends them. */
@NullMarked
package io.gatehouse.gateway.supervise;

import org.jspecify.annotations.NullMarked;

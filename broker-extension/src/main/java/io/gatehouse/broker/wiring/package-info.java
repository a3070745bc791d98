/** Puts the parts together when HiveMQ starts the extension, and shows the operator how it stands: log, metrics, status file. */
@NullMarked
package io.gatehouse.broker.wiring;

import org.jspecify.annotations.NullMarked;

/** What an operator's monitoring sees: counts, Prometheus' text on the loopback address, and refusals of TLS from HiveMQ's log. */
@NullMarked
package io.gatehouse.broker.monitor;

import org.jspecify.annotations.NullMarked;

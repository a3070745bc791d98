/**
 * The doorkeeper as a HiveMQ extension: translates between HiveMQ's SDK and the rules of {@code io.gatehouse.admission}.
 *
 * <p>No rule of admission lives here. Whatever goes wrong here refuses: the broker never admits a client without a positive decision.
 */
@NullMarked
package io.gatehouse.broker;

import org.jspecify.annotations.NullMarked;

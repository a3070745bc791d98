/** The doors: HiveMQ's callbacks for connecting, publishing and subscribing, each answered by a decision of the replica. */
@NullMarked
package io.gatehouse.broker.admit;

import org.jspecify.annotations.NullMarked;

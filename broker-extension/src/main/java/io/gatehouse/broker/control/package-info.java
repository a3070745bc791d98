/** What the extension asks of the broker while it runs, and HiveMQ's answer to it. */
@NullMarked
package io.gatehouse.broker.control;

import org.jspecify.annotations.NullMarked;

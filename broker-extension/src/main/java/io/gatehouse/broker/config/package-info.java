/** What the operator wrote: our own configuration, HiveMQ's listeners and the extensions beside ours, judged at start. */
@NullMarked
package io.gatehouse.broker.config;

import org.jspecify.annotations.NullMarked;

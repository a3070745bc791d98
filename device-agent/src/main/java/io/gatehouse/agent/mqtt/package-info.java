/** The agent's connection to the broker: MQTT 5 over mutual TLS, with the broker's word kept for whatever it refuses. */
@NullMarked
package io.gatehouse.agent.mqtt;

import org.jspecify.annotations.NullMarked;

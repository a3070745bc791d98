/**
 * The device agent: makes the device's key, enrolls it over EST, keeps its certificate fresh and carries messages to the broker. The entry
 * point is {@link io.gatehouse.agent.AgentCommand}.
 */
@NullMarked
package io.gatehouse.agent;

import org.jspecify.annotations.NullMarked;

/** The agent's side of the enrollment service: bounded HTTPS, EST, and what the service tells a device of itself. */
@NullMarked
package io.gatehouse.agent.service;

import org.jspecify.annotations.NullMarked;

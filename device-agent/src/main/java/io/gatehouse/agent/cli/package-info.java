/** The agent's verbs on the command line. */
@NullMarked
package io.gatehouse.agent.cli;

import org.jspecify.annotations.NullMarked;

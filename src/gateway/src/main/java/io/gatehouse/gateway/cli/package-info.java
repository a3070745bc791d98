/** The verbs of the command: what they are called, what they take, what they print, and with which code they exit. */
@NullMarked
package io.gatehouse.gateway.cli;

import org.jspecify.annotations.NullMarked;

/**
 * What the tests of every module share: authorities and certificates made on the spot, clocks, ports, waiting, and the running of
 * real tools. Never part of what is shipped.
 */
@NullMarked
package io.gatehouse.testkit;

import org.jspecify.annotations.NullMarked;

/** Knocks at the doors of an installation as a device would, with as little code as shows what a device sees. */
@NullMarked
package io.gatehouse.gateway.door;

import org.jspecify.annotations.NullMarked;

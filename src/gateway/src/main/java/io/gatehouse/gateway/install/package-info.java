/** Puts an installation together: the home of the broker, its identities, and the commands that start the parts. */
@NullMarked
package io.gatehouse.gateway.install;

import org.jspecify.annotations.NullMarked;

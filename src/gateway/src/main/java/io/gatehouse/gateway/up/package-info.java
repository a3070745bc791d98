/** {@code gatehouse up}: makes an installation, runs it, and proves that its door opens and shuts. */
@NullMarked
package io.gatehouse.gateway.up;

import org.jspecify.annotations.NullMarked;

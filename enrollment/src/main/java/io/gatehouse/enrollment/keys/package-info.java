/**
 * Keys that sign without being seen: the port {@code SigningKey}, encrypted key files and the choice of the crypto provider.
 */
@NullMarked
package io.gatehouse.enrollment.keys;

import org.jspecify.annotations.NullMarked;

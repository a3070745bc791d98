/** {@code gatehouse demo}: the whole story on real parts, step by step. */
@NullMarked
package io.gatehouse.gateway.demo;

import org.jspecify.annotations.NullMarked;

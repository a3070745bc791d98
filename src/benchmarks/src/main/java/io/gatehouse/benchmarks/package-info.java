/** The benchmarks behind {@code gatehouse bench}: each starts a Gatehouse of its own and measures it from the outside. */
@NullMarked
package io.gatehouse.benchmarks;

import org.jspecify.annotations.NullMarked;

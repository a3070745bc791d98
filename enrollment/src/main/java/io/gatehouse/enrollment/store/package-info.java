/**
 * The registry in SQLite: one writer thread with group commit, pooled readers, the hash-chained audit and the numbered directory
 * changes. SQL lives here and nowhere else.
 */
@NullMarked
package io.gatehouse.enrollment.store;

import org.jspecify.annotations.NullMarked;

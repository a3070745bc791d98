/** A home as one encrypted file in the age format, and back: made while the service runs, restored while it does not. */
@NullMarked
package io.gatehouse.enrollment.backup;

import org.jspecify.annotations.NullMarked;

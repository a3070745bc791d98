/** Puts the enrollment service together with plain constructors, starts it and stops it. The only place that knows all parts. */
@NullMarked
package io.gatehouse.enrollment.wiring;

import org.jspecify.annotations.NullMarked;

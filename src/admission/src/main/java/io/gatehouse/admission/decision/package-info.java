/** Who may connect and who may stay: pure decisions on the replica of the directory, in microseconds and without I/O. */
@NullMarked
package io.gatehouse.admission.decision;

import org.jspecify.annotations.NullMarked;

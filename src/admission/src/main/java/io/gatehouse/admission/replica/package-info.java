/** A broker's copy of the directory: compact in memory, and on disk so that it serves without the service. */
@NullMarked
package io.gatehouse.admission.replica;

import org.jspecify.annotations.NullMarked;

/** Whether the service is well, and how it is: probes, metrics, and what {@code gatehouse status} prints. */
@NullMarked
package io.gatehouse.enrollment.status;

import org.jspecify.annotations.NullMarked;

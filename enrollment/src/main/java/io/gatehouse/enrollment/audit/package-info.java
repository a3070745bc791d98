/** The audit outside of the registry: the export and what checks it without a service, and the copies of checkpoints elsewhere. */
@NullMarked
package io.gatehouse.enrollment.audit;

import org.jspecify.annotations.NullMarked;

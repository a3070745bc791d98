/**
 * What the enrollment service does, one class a use case: enroll, renew, describe, fleets, policies, claims, devices, brokers,
 * audit, feed and reports. Nothing here knows HTTP, SQL or how a certificate is made: edges translate to these calls, and the
 * ports of {@link io.gatehouse.enrollment.app.port} are implemented by store and CA.
 */
@NullMarked
package io.gatehouse.enrollment.app;

import org.jspecify.annotations.NullMarked;

/** The things of the enrollment service as immutable values: fleets, devices, certificates, claims, brokers, sessions, outcomes. */
@NullMarked
package io.gatehouse.enrollment.app.domain;

import org.jspecify.annotations.NullMarked;

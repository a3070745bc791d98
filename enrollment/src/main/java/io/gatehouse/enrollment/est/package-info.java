/** EST (RFC 7030, RFC 8951) as the devices' edge, worded as the clients in the field read it; and what a device may ask of itself. */
@NullMarked
package io.gatehouse.enrollment.est;

import org.jspecify.annotations.NullMarked;

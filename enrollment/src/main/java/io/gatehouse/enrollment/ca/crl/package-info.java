/** Certificate revocation lists: what is on one, and a DER writer that makes one of a hundred thousand entries in a blink. */
@NullMarked
package io.gatehouse.enrollment.ca.crl;

import org.jspecify.annotations.NullMarked;

/** The OCSP responder (RFC 6960): reads requests, signs answers with a delegated certificate, and keeps those that may be given again. */
@NullMarked
package io.gatehouse.enrollment.ca.ocsp;

import org.jspecify.annotations.NullMarked;

/** Revocation lists, OCSP and CA certificates over plain HTTP, as RFC 5280 wants them: what is signed needs no TLS. */
@NullMarked
package io.gatehouse.enrollment.pki;

import org.jspecify.annotations.NullMarked;

/** The wire format of EST (RFC 7030, RFC 8951): base64 bodies and certs-only PKCS#7. */
@NullMarked
package io.gatehouse.x509.est;

import org.jspecify.annotations.NullMarked;

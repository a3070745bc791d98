/** TLS contexts for clients of the enrollment service and of brokers: the services root as the only anchor, and the role in the certificate. */
@NullMarked
package io.gatehouse.x509.tls;

import org.jspecify.annotations.NullMarked;

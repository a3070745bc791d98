/**
 * What service, broker and agent need of X.509, with the JDK alone: certificates and their names, PEM, PKCS#10 requests, keys on disk,
 * and a streaming reader of revocation lists. Every parser is strict DER with bounds on size, and never recurses.
 */
@NullMarked
package io.gatehouse.x509;

import org.jspecify.annotations.NullMarked;

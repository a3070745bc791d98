/**
 * X25519 (RFC 7748) for the JDK's TLS by Conscrypt's native code, as a JCA provider that offers nothing else. Needs the JDK alone
 * to compile; Conscrypt is looked for at run time.
 */
@NullMarked
package io.gatehouse.x25519;

import org.jspecify.annotations.NullMarked;

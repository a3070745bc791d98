/** What the use cases need of the world: a durable registry, an issuer of certificates, a publisher of CRLs. */
@NullMarked
package io.gatehouse.enrollment.app.port;

import org.jspecify.annotations.NullMarked;

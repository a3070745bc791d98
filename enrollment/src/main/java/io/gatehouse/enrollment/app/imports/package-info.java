/** Takes an existing fleet in: devices whose certificates an authority of somebody else issued, each known by its fingerprint. */
@NullMarked
package io.gatehouse.enrollment.app.imports;

import org.jspecify.annotations.NullMarked;

/** Strict DER (ITU-T X.690), read and written by hand: definite minimal lengths, low tag numbers, no recursion. */
@NullMarked
package io.gatehouse.x509.der;

import org.jspecify.annotations.NullMarked;

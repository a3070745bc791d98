/** REST for administrators and their programs on the admin port; {@code openapi.yaml} describes it and a test holds the two together. */
@NullMarked
package io.gatehouse.enrollment.api;

import org.jspecify.annotations.NullMarked;

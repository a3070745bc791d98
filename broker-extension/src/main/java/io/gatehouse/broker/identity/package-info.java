/** The broker's own keys and certificates: what it shows the service and its devices, and how they are kept fresh. */
@NullMarked
package io.gatehouse.broker.identity;

import org.jspecify.annotations.NullMarked;

/** A broker's two connections to the service: the feed that keeps the directory current, and the reports. */
@NullMarked
package io.gatehouse.admission.client;

import org.jspecify.annotations.NullMarked;

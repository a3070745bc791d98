/**
 * What goes over the wire between the enrollment service and its brokers: the lines of the directory feed, and the reports that
 * brokers send back. The only part of admission that the service uses.
 */
@NullMarked
package io.gatehouse.admission.feed;

import org.jspecify.annotations.NullMarked;

/** The brokers' edge: the directory feed, reports, and the renewal of a broker's own certificates. */
@NullMarked
package io.gatehouse.enrollment.feed;

import org.jspecify.annotations.NullMarked;

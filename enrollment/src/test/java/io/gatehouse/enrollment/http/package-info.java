/** The small HTTP server on real sockets, against peers that behave badly. */
package io.gatehouse.enrollment.http;

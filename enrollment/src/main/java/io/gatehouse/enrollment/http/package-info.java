/**
 * A small HTTP/1.1 server for the three ports, so that the edges see only {@code Route}, {@code Request} and {@code Answer}:
 * bounds on everything a stranger can send, time limits for slow peers, answers as plain as old EST clients need them.
 */
@NullMarked
package io.gatehouse.enrollment.http;

import org.jspecify.annotations.NullMarked;

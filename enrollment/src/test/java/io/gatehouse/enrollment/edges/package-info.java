/** The whole service on its three ports, asked by real clients and by replayed bytes. */
package io.gatehouse.enrollment.edges;

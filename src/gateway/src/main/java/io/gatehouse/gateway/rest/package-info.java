/** The service's REST API, as the admin verbs, the proof of {@code up} and the demo call it. */
@NullMarked
package io.gatehouse.gateway.rest;

import org.jspecify.annotations.NullMarked;

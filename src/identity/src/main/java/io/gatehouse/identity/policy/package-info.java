/**
 * Which topics a device may publish and subscribe to: the policy of a fleet as a document, compiled once per fleet with its
 * variables symbolic, and the decisions on it. What no rule allows is refused; there are no deny rules.
 */
@NullMarked
package io.gatehouse.identity.policy;

import org.jspecify.annotations.NullMarked;

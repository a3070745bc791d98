/**
 * The values and words that every part of Gatehouse shares, without any dependency: device ids, fleet names, certificate
 * fingerprints, states, and the one enum of refusal reasons.
 */
@NullMarked
package io.gatehouse.identity;

import org.jspecify.annotations.NullMarked;

/** Extensions as one should not write them: each shows what HiveMQ does when the trap is not closed. */
package io.gatehouse.broker.counterexample;

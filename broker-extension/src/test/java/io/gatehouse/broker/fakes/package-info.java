/** HiveMQ's SDK as far as the extension uses it, written by hand. */
package io.gatehouse.broker.fakes;

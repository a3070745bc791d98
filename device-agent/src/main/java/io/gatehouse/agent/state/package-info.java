/** What the agent keeps on disk: generations of the device's identity, switched atomically and safe against a power cut at any point. */
@NullMarked
package io.gatehouse.agent.state;

import org.jspecify.annotations.NullMarked;

/** What the agent does: enroll, renew, run, publish, subscribe, tell its status. */
@NullMarked
package io.gatehouse.agent.task;

import org.jspecify.annotations.NullMarked;

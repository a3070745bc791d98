/** Who is connected by our decision, and what each of them may do. */
@NullMarked
package io.gatehouse.broker.sessions;

import org.jspecify.annotations.NullMarked;

/** What is done to the files of a home without a service: the audit checked, a backup made, a backup restored. */
@NullMarked
package io.gatehouse.gateway.offline;

import org.jspecify.annotations.NullMarked;

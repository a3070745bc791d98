/** What a change of the directory does to those who are already in: sessions end, rights change, stored sessions are thrown away. */
@NullMarked
package io.gatehouse.broker.enforce;

import org.jspecify.annotations.NullMarked;

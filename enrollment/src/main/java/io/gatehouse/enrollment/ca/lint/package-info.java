/**
 * The last look at a certificate before the real key signs it: one class a rule, each quoting the section that it holds the
 * certificate to.
 */
@NullMarked
package io.gatehouse.enrollment.ca.lint;

import org.jspecify.annotations.NullMarked;

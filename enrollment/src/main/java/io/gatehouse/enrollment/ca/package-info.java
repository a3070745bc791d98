/**
 * The certificate authorities: both hierarchies, the stages of issuing, and the CRLs of all four authorities. The only package (with
 * its children) that knows Bouncy Castle, and never learns of HTTP or SQL.
 */
@NullMarked
package io.gatehouse.enrollment.ca;

import org.jspecify.annotations.NullMarked;

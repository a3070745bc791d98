/**
 * What a certificate is to be, before anyone signs it: profiles, drafts, the facts of the issuer, and the assembled to-be-signed
 * bytes.
 */
@NullMarked
package io.gatehouse.enrollment.ca.profile;

import org.jspecify.annotations.NullMarked;

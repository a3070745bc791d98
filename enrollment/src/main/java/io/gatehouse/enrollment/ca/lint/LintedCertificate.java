package io.gatehouse.enrollment.ca.lint;

import java.math.BigInteger;

/** To-be-signed bytes that every rule has passed. Only {@link CertificateLinter} makes one, and an authority signs nothing else. */
public final class LintedCertificate {
    private final byte[] tbs;
    private final BigInteger serial;

    LintedCertificate(byte[] tbs, BigInteger serial) {
        this.tbs = tbs;
        this.serial = serial;
    }

    /** Its serial number, as the rules have read it. */
    public BigInteger serial() {
        return serial;
    }

    /** The DER of the TBSCertificate; not to be changed. */
    public byte[] tbs() {
        return tbs;
    }
}

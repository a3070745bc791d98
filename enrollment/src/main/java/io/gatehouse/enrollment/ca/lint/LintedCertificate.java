package io.gatehouse.enrollment.ca.lint;

/** To-be-signed bytes that every rule has passed. Only {@link CertificateLinter} makes one, and an authority signs nothing else. */
public final class LintedCertificate {
    private final byte[] tbs;

    LintedCertificate(byte[] tbs) {
        this.tbs = tbs;
    }

    /** The DER of the TBSCertificate; not to be changed. */
    public byte[] tbs() {
        return tbs;
    }
}

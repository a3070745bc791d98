package io.gatehouse.enrollment.ca.lint;

import java.util.Optional;

/** RFC 5280, section 4.1.2.2: a serial number is positive and takes at most 20 octets; the CA/Browser Forum (section 7.1) asks for 64 random bits,
 * ours have 128. */
final class SerialNumberIsRandomAndShort implements LintRule {
    private static final int MOST_OCTETS = 20;
    /** A draw of 128 random bits is shorter than this less than once in 2^63. */
    private static final int LEAST_BITS = 65;

    @Override
    public Optional<String> fault(Candidate candidate) {
        var serial = candidate.tbs().getSerialNumber().getValue();
        if (serial.signum() <= 0) {
            return Optional.of("the serial number is not positive");
        }
        if (serial.toByteArray().length > MOST_OCTETS) {
            return Optional.of("the serial number takes more than 20 octets");
        }
        return LintRule.unless(serial.bitLength() >= LEAST_BITS, "the serial number cannot be random");
    }
}

package io.gatehouse.enrollment.ca.crl;

import java.math.BigInteger;

/** A serial number as 160 bits without sign: all that RFC 5280, section 4.1.2.2, allows. */
record Serial(int top, long high, long low) implements Comparable<Serial> {
    static final int OCTETS = 20;

    /** @throws IllegalArgumentException for a number that no certificate has */
    static Serial of(BigInteger number) {
        if (number.signum() <= 0 || number.bitLength() > 8 * OCTETS) {
            throw new IllegalArgumentException("no serial number");
        }
        return new Serial(
                number.shiftRight(128).intValue(), number.shiftRight(64).longValue(), number.longValue());
    }

    @Override
    public int compareTo(Serial other) {
        return compareTo(other.top, other.high, other.low);
    }

    int compareTo(int otherTop, long otherHigh, long otherLow) {
        if (top != otherTop) {
            return Integer.compareUnsigned(top, otherTop);
        }
        return high != otherHigh ? Long.compareUnsigned(high, otherHigh) : Long.compareUnsigned(low, otherLow);
    }
}

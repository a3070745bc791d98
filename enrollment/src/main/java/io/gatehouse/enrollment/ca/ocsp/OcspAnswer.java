package io.gatehouse.enrollment.ca.ocsp;

import io.gatehouse.x509.der.DerTag;
import io.gatehouse.x509.der.DerWriter;
import java.time.Instant;
import java.util.Optional;

/**
 * An OCSPResponse, to be sent as {@code application/ocsp-response}.
 *
 * @param kept from when to when it may be given to others who ask the same; nothing when it is for this asker alone
 */
@SuppressWarnings("ArrayRecordComponent") // written to a socket, never compared
public record OcspAnswer(byte[] der, Optional<Kept> kept) {
    /** thisUpdate and nextUpdate of an answer. */
    public record Kept(Instant thisUpdate, Instant nextUpdate) {}

    /** Answers without a signature (RFC 6960, section 2.3), each for anybody to see through: they state nothing about a certificate. */
    enum Refusal {
        MALFORMED_REQUEST(1),
        INTERNAL_ERROR(2),
        TRY_LATER(3),
        UNAUTHORIZED(6);

        private final int code;

        Refusal(int code) {
            this.code = code;
        }

        OcspAnswer answer() {
            var status = DerWriter.element(DerTag.ENUMERATED, new byte[] {(byte) code});
            return new OcspAnswer(DerWriter.sequence(status), Optional.empty());
        }
    }
}

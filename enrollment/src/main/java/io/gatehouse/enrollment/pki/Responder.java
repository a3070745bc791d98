package io.gatehouse.enrollment.pki;

import java.time.Instant;
import java.util.Optional;

/** Answers OCSP requests. Never throws. Thread-safe. */
@FunctionalInterface
public interface Responder {
    /** The answer to the bytes of a request, whatever they are. */
    Reply answer(byte[] request);

    /**
     * The DER of an OCSPResponse.
     *
     * @param kept when it may be given to others who ask the same
     */
    @SuppressWarnings("ArrayRecordComponent") // written to a socket, never compared
    record Reply(byte[] der, Optional<Kept> kept) {}

    /** From when to when an answer holds. */
    record Kept(Instant thisUpdate, Instant nextUpdate) {}
}

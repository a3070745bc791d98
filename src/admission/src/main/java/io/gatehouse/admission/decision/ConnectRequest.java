package io.gatehouse.admission.decision;

import io.gatehouse.identity.Fingerprint;
import java.time.Instant;
import java.util.Optional;

/** A client that asks to be let in: the fingerprint of the certificate it proved to hold, the client id it wants, and now. */
public record ConnectRequest(Optional<Fingerprint> certificate, String clientId, String listener, Instant now) {}

package io.gatehouse.enrollment.app.domain;

import io.gatehouse.identity.BrokerName;
import java.time.Instant;
import java.util.Optional;

/** A live MQTT connection as a broker reports it: evidence, shown with the broker's name. */
public record Session(
        String id,
        BrokerName broker,
        String clientId,
        String device,
        Optional<String> certificate,
        String address,
        String listener,
        String tls,
        Instant since) {}

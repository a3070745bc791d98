package io.gatehouse.agent.config;

import io.gatehouse.agent.mqtt.BrokerAddress;
import io.gatehouse.agent.service.ServiceAddress;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.FleetName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The settings, validated. */
public record AgentSettings(
        Optional<ServiceAddress> url,
        Optional<Path> ca,
        Optional<Fingerprint> caFingerprint,
        Optional<DeviceId> device,
        Optional<FleetName> fleet,
        Optional<String> claimFile,
        Optional<BrokerAddress> broker,
        Path state,
        Duration keepAlive,
        Duration sessionExpiry,
        Duration askEvery) {}

package io.gatehouse.agent.task;

import io.gatehouse.agent.mqtt.BrokerAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * How to be connected.
 *
 * @param broker an address in place of the one that the service names
 * @param keepAlive how long the broker hears nothing before the agent asks whether it is still there
 * @param sessionExpiry how long the broker keeps the session after the connection
 * @param askEvery about how often the service is asked although nothing is wrong
 */
public record LinkSettings(
        Optional<BrokerAddress> broker, Duration keepAlive, Duration sessionExpiry, Duration askEvery) {}

package io.gatehouse.agent.task;

import io.gatehouse.agent.mqtt.BrokerAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * How to be connected.
 *
 * @param broker an address in place of the one that the service names
 * @param keepAlive how long the broker hears nothing before the agent asks whether it is still there
 * @param sessionExpiry how long the broker keeps the session after the connection
 * @param askEvery the longest until the service is asked again although nothing is wrong; the shortest is half of it
 */
public record LinkSettings(
        Optional<BrokerAddress> broker, Duration keepAlive, Duration sessionExpiry, Duration askEvery) {

    /** From one asking to the next: random, so that devices which began together do not ask together for ever. */
    Duration untilAsking(RandomGenerator random) {
        var longest = askEvery.toMillis();
        return Duration.ofMillis(longest - random.nextLong(longest / 2 + 1));
    }
}

package io.gatehouse.gateway.supervise;

import java.time.Duration;

/**
 * When a part that died is started again, and when that is given up.
 *
 * @param firstDelay before the first restart; doubled for each one after, until the part has been ready for a while
 * @param longestDelay the delay never grows past it
 * @param deaths so many deaths within {@code window} end everything
 * @param window see {@code deaths}; a part that was ready for so long starts again with {@code firstDelay}
 * @param readyWithin a part that is not ready so long after its start ends everything
 * @param endWithin a child that was told to end gets so long before it is killed
 */
public record RestartRules(
        Duration firstDelay,
        Duration longestDelay,
        int deaths,
        Duration window,
        Duration readyWithin,
        Duration endWithin) {

    /** 1, 2, 4 ... 30 s; five deaths in a minute, or not ready in 60 s, end everything; 7 s to end. */
    public static RestartRules standard() {
        return new RestartRules(
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                5,
                Duration.ofMinutes(1),
                Duration.ofSeconds(60),
                Duration.ofSeconds(7));
    }

    /** These rules, with less patience for children that were told to end: for what is thrown away anyway. */
    public RestartRules endingWithin(Duration duration) {
        return new RestartRules(firstDelay, longestDelay, deaths, window, readyWithin, duration);
    }

    /** The delay before the given restart in a row, counted from 1. */
    Duration delay(int restart) {
        Duration delay = firstDelay;
        for (int i = 1; i < restart && delay.compareTo(longestDelay) < 0; i++) {
            delay = delay.multipliedBy(2);
        }
        return delay.compareTo(longestDelay) < 0 ? delay : longestDelay;
    }
}
